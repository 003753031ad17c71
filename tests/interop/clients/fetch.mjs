// npm @x402/fetch, as its README has it.
import { ExactEvmScheme } from "@x402/evm/exact/client";
import { decodePaymentResponseHeader, wrapFetchWithPayment, x402Client } from "@x402/fetch";

export async function buy(url, account) {
  const client = new x402Client().register("eip155:*", new ExactEvmScheme(account));
  const response = await wrapFetchWithPayment(fetch, client)(url);
  const receipt = response.headers.get("payment-response");
  return { status: response.status, body: await response.json(), receipt: receipt && decodePaymentResponseHeader(receipt) };
}

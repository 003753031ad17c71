// npm @x402/fetch, as its README has it.
import { ExactEvmScheme } from "@x402/evm/exact/client";
import { decodePaymentResponseHeader, wrapFetchWithPayment, x402Client } from "@x402/fetch";

/** `send` is what it takes for `fetch`. */
export async function buy(url, account, send = fetch) {
  const client = new x402Client().register("eip155:*", new ExactEvmScheme(account));
  const response = await wrapFetchWithPayment(send, client)(url);
  const receipt = response.headers.get("payment-response");
  return { status: response.status, body: await response.json(), receipt: receipt && decodePaymentResponseHeader(receipt) };
}

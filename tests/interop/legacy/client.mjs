// npm x402-fetch, the client of x402 v1, as its README has it.
import { createWalletClient, http } from "viem";
import { baseSepolia } from "viem/chains";
import { decodeXPaymentResponse, wrapFetchWithPayment } from "x402-fetch";

/** `send` is what it takes for `fetch`. */
export async function buy(url, account, send = fetch) {
  // It signs without asking the chain, so no URL of one is needed.
  const wallet = createWalletClient({ account, transport: http("http://127.0.0.1:9"), chain: baseSepolia });
  const response = await wrapFetchWithPayment(send, wallet)(url);
  const receipt = response.headers.get("x-payment-response");
  return { status: response.status, body: await response.json(), receipt: receipt && decodeXPaymentResponse(receipt) };
}

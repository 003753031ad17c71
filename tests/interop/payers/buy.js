// Our payer, in Node and in a page alike: buys, and tells what went over the wire.
import { createPayer, init, LocalWallet } from "x402-wasm";

/** Buys `url` with a key of 32 bytes. `ways` names what carried payments and tickets, in order. */
export async function buy(url, key) {
  await init();
  const ways = [];
  const observed = async (input, init) => {
    const request = new Request(input, init);
    ways.push(...(await wayOf(request.clone())));
    return fetch(request);
  };
  const wallet = LocalWallet.import(Uint8Array.from(key));
  const budget = { perPayment: "0.01", perDay: "0.01" };
  const payer = createPayer({ wallet, budget, networks: ["eip155:84532"], fetch: observed });
  let signed = 0;
  payer.addEventListener("payment", () => (signed += 1));
  const response = await payer.fetch(url);
  const receipt = response.headers.has("payment-response") || response.headers.has("x-payment-response");
  return { status: response.status, body: await response.json(), ways, signed, receipt, spent: payer.spending().perDay.spent };
}

async function wayOf(request) {
  const headers = ["payment-signature", "x-payment", "authorization"].filter((name) => request.headers.has(name));
  if (request.method !== "POST") return headers;
  return [Object.hasOwn(await request.json(), "permit") ? "permit at the office" : "payment at the office", ...headers];
}

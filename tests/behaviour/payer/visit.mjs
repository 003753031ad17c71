// A payer on a visit to a shop, and what came of it.
import { createPayer, LocalWallet } from "x402-wasm";
import { NETWORK, Shop } from "./shop.mjs";

export async function open(t, parts) {
  const shop = await new Shop(parts).open();
  t.after(() => shop.close());
  return shop;
}

export const newPayer = (options) => createPayer({ wallet: LocalWallet.generate(), networks: [NETWORK], ...options });

/** The status of the answer, or the code of the refusal. */
export const visit = (payer, shop, path = "/film", request) =>
  payer.fetch(shop.origin + path, request).then(({ status }) => status, ({ code, name }) => (typeof code === "string" ? code : name));

/** Visits, and gives up once this holds. */
export async function visitUntil(holds, payer, shop) {
  const abort = new AbortController();
  const answer = visit(payer, shop, "/film", { signal: abort.signal });
  let over = false;
  void answer.then(() => (over = true));
  while (!over && !holds()) await new Promise((resolve) => setTimeout(resolve, 5));
  abort.abort();
  return answer;
}

export const today = (payer) => payer.spending().perDay.spent;

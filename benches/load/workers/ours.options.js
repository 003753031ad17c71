// What each of our gates here is told. The peers keep what was paid in this process's memory too.
import { memory } from "x402-wasm/edge/memory";
import { NETWORK, PAYEE, SCOPE, TICKETS } from "../../shop.mjs";

export const OPTIONS = {
  payTo: PAYEE,
  network: NETWORK,
  tickets: TICKETS,
  routes: { "GET /film": { price: "$0.01", ticket: { ttl: 600, scope: SCOPE } } },
  ledger: memory({ forTests: true }),
};

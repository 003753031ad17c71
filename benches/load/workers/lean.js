// The same gate for a worker that only checks and sells.
import { createGate, elsewhere } from "x402-wasm/edge/lean";
import { memory } from "x402-wasm/edge/memory";
import { NETWORK, PAYEE, SCOPE, TICKETS } from "../../shop.mjs";

const gate = createGate({
  payTo: PAYEE,
  network: NETWORK,
  tickets: TICKETS,
  routes: { "GET /film": { price: "$0.01", ticket: { ttl: 600, scope: SCOPE } } },
  ledger: memory({ forTests: true }),
  settle: elsewhere(),
});

export default gate.protect(() => new Response("the film"));

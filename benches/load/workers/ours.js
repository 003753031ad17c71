// Our gate, as its README has it. The peers keep what was paid in this process's memory too.
import { createGate } from "x402-wasm/edge";
import { memory } from "x402-wasm/edge/memory";
import { NETWORK, PAYEE, SCOPE, TICKETS } from "../../shop.mjs";

const gate = createGate({
  payTo: PAYEE,
  network: NETWORK,
  tickets: TICKETS,
  routes: { "GET /film": { price: "$0.01", ticket: { ttl: 600, scope: SCOPE } } },
  ledger: memory({ forTests: true }),
});

export default gate.protect(() => new Response("the film"));

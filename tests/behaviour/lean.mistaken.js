// A mistake: the ledger of a worker that cannot cash.
import { createGate, elsewhere } from "x402-wasm/edge/lean";
import { durableObject } from "x402-wasm/edge/durable-object";
import { shop } from "./lean.shop.js";

export { Ledger } from "x402-wasm/edge/durable-object";

const gate = createGate((env) => ({
  ...shop(env),
  ledger: durableObject(env.LEDGER),
  settle: elsewhere({ account: env.RELAYER }),
}));

export default gate.protect(() => new Response());

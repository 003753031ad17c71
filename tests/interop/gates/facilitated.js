// Our gate for workerd, without a key: a facilitator verifies and settles.
import { createGate, facilitator } from "x402-wasm/edge";
import { durableObject } from "x402-wasm/edge/durable-object";
import { options, show } from "./films.js";

export { Ledger } from "x402-wasm/edge/durable-object";

const gate = createGate((env) => ({
  ...options(env, durableObject(env.LEDGER), facilitator(env.FACILITATOR, { rpc: env.RPC_URL })),
  verify: facilitator(env.FACILITATOR),
}));

export default gate.protect(show(gate));

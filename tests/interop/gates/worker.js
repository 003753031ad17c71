// Our gate for workerd, with its ledger in a Durable Object.
import { createGate } from "x402-wasm/edge";
import { durableObject } from "x402-wasm/edge/durable-object";
import { options, show } from "./films.js";

export { Ledger } from "x402-wasm/edge/durable-object";

const gate = createGate((env) => options(env, durableObject(env.LEDGER)));

export default gate.protect(show(gate));

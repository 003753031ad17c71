// The worker behind it: the ledger, the relayer's key, and no visitors.
import { createGate, relayer } from "x402-wasm/edge";
import { durableObject } from "x402-wasm/edge/durable-object";
import { shop } from "./lean.shop.js";

export { Ledger } from "x402-wasm/edge/durable-object";

const gate = createGate((env) => ({
  ...shop(env),
  ledger: durableObject(env.LEDGER),
  settle: relayer({ rpc: env.RPC_URL, key: env.RELAYER_KEY }),
}));

export default gate.protect(() => new Response());

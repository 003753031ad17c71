// Our facilitator for workerd, with its ledger in a Durable Object.
import { createFacilitator, relayer } from "x402-wasm/facilitator";
import { durableObject } from "x402-wasm/edge/durable-object";

export { Ledger } from "x402-wasm/edge/durable-object";

export default createFacilitator((env) => ({
  networks: ["eip155:84532"],
  ledger: durableObject(env.LEDGER),
  settle: relayer({ rpc: env.RPC_URL, key: env.RELAYER_KEY }),
}));

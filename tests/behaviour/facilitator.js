// A facilitator as an operator deploys it: everything is in its bindings.
import { createFacilitator, relayer } from "x402-wasm/facilitator";
import { durableObject } from "x402-wasm/edge/durable-object";

export { Ledger } from "x402-wasm/edge/durable-object";

export default createFacilitator((env) => ({
  networks: ["eip155:84532"],
  secrets: env.SECRET ? [env.SECRET] : [],
  ledger: durableObject(env.LEDGER),
  settle: relayer({ rpc: env.RPC_URL, key: env.RELAYER_KEY }),
}));

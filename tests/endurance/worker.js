// A gate that sells as fast as it can, over as many ledgers as the run asks for, and cashes by relayer or not at all.
import { createGate, none, relayer } from "x402-wasm/edge";
import { durableObject } from "x402-wasm/edge/durable-object";

export { Ledger } from "x402-wasm/edge/durable-object";

const gate = createGate((env) => ({
  payTo: env.PAY_TO,
  network: "eip155:84532",
  tickets: { issuer: "https://endurance.test", keys: [{ kid: "test", secret: env.TICKET_SECRET }] },
  routes: { "GET /films/:id": { price: "$0.01", maxTimeoutSeconds: 3_600, ticket: { ttl: 3_600, scope: "film" } } },
  free: ["GET /", "GET /ledger/:jti"],
  operator: { key: env.OPERATOR_KEY },
  ledger: durableObject(env.LEDGER, { shards: Number(env.SHARDS) }),
  // None unless a test gives the gate a node to ask.
  chains: JSON.parse(env.CHAINS),
  settle: env.CASHES === "no" ? none() : relayer({ rpc: env.RPC_URL, key: env.RELAYER_KEY, ...JSON.parse(env.RELAYER) }),
}));

export default gate.protect(async (request, env) => {
  const { pathname } = new URL(request.url);
  if (pathname.startsWith("/ledger/")) return Response.json((await gate.payment(env, pathname.slice(8))) ?? null);
  return Response.json({ path: pathname });
});

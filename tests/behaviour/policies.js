// A worker whose routes are settled before serving, after it, and after it within credit, over several ledgers.
import { createGate, relayer } from "x402-wasm/edge";
import { durableObject } from "x402-wasm/edge/durable-object";

export { Ledger } from "x402-wasm/edge/durable-object";

const gate = createGate((env) => ({
  payTo: env.PAY_TO,
  network: "eip155:84532",
  tickets: { issuer: "https://policies.test", keys: [{ kid: "test", secret: env.TICKET_SECRET }] },
  routes: {
    "GET /before": { price: "$0.01", when: "before", ticket: { scope: "before" } },
    "GET /after": { price: "$0.01", ticket: { scope: "after" } },
    "GET /revocable": { price: "$0.01", maxTimeoutSeconds: 10, ticket: { scope: "revocable", revocable: true } },
    "GET /brief": { price: "$0.01", maxTimeoutSeconds: 10, ticket: { scope: "brief", ttl: 1 } },
  },
  free: ["GET /served", "GET /bounced", "GET /ledger/:jti"],
  skew: 1,
  keep: Number(env.KEEP),
  ...(env.PER_PAYER && { credit: { perPayer: env.PER_PAYER } }),
  operator: { key: env.OPERATOR_KEY },
  ledger: durableObject(env.LEDGER, { shards: Number(env.SHARDS) }),
  settle: relayer({ rpc: env.RPC_URL, key: env.RELAYER_KEY, when: "after" }),
  hooks: { onSettleFailed: (check) => fetch(env.HOOK_URL, { method: "POST", body: JSON.stringify(check) }) },
}));

let served = 0;

export default gate.protect(async (request, env) => {
  const { pathname } = new URL(request.url);
  if (pathname === "/served") return Response.json({ served });
  if (pathname.startsWith("/ledger/")) return Response.json((await gate.payment(env, pathname.slice(8))) ?? null);
  served += 1;
  return Response.json({ film: pathname });
});

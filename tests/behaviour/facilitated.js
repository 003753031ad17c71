// A gate that leaves the settling, and where it is told so the last word on a payment, to a facilitator.
import { createGate, facilitator } from "x402-wasm/edge";
import { durableObject } from "x402-wasm/edge/durable-object";

export { Ledger } from "x402-wasm/edge/durable-object";

const TIMEOUT_MS = 1_000;
const authHeaders = async () => ({
  supported: { authorization: "Bearer of-supported-of-supported" },
  verify: { authorization: "Bearer of-verify-of-verify" },
  settle: { authorization: "Bearer of-settle-of-settle" },
});

const gate = createGate((env) => {
  const timeoutMs = env.PATIENT ? 30_000 : TIMEOUT_MS;
  const own = env.SECRET && { authorization: `Bearer ${env.SECRET}` };
  const headers = own ? { supported: own, verify: own, settle: own } : authHeaders;
  const rpc = env.WATCH ? env.RPC_URL : undefined;
  return {
    payTo: env.PAY_TO,
    network: "eip155:84532",
    tickets: { issuer: "https://gate.test", keys: [{ kid: "test", secret: env.TICKET_SECRET }] },
    routes: { "GET /films/:id": { price: "$0.01", ticket: { ttl: 600, scope: "matinee" } } },
    free: ["GET /ledger/:jti"],
    ledger: durableObject(env.LEDGER),
    settle: facilitator(env.FACILITATOR_URL, { rpc, timeoutMs, authHeaders: headers }),
    verify: env.VERIFY ? facilitator(env.FACILITATOR_URL, { timeoutMs, authHeaders: headers }) : undefined,
  };
});

export default gate.protect(async (request, env, ctx, ticket) => {
  const { pathname } = new URL(request.url);
  if (pathname.startsWith("/ledger/")) return Response.json((await gate.payment(env, pathname.slice(8))) ?? null);
  return Response.json({ film: pathname, scope: ticket.scope });
});

// A worker that takes names for payments and lets its visitors sign in.
import { createGate, relayer } from "x402-wasm/edge";
import { durableObject } from "x402-wasm/edge/durable-object";

export { Ledger } from "x402-wasm/edge/durable-object";

const gate = createGate((env) => ({
  payTo: env.PAY_TO,
  network: "eip155:84532",
  tickets: { issuer: "https://extensions.test", keys: [{ kid: "test", secret: env.TICKET_SECRET }] },
  routes: {
    "GET /films/:id": { price: "$0.01", ticket: { scope: "matinee" } },
    "GET /premiere": { price: "$0.05", ticket: { scope: "premiere" } },
  },
  free: ["GET /served", "GET /ledger/:jti"],
  paymentIdentifier: "optional",
  // Not the host that the requests of these tests have: what a visitor is at, the operator says.
  signIn: { origin: env.ORIGIN, statement: "Welcome back." },
  offerReceipt: { origin: env.ORIGIN, key: env.SIGNING_KEY },
  ledger: durableObject(env.LEDGER),
  settle: relayer({ rpc: env.RPC_URL, key: env.RELAYER_KEY }),
}));

let served = 0;

export default gate.protect(async (request, env) => {
  const { pathname } = new URL(request.url);
  if (pathname === "/served") return Response.json({ served });
  if (pathname.startsWith("/ledger/")) return Response.json((await gate.payment(env, pathname.slice(8))) ?? null);
  served += 1;
  return Response.json({ film: pathname });
});

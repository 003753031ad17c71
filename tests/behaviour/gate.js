// A small worker behind every way to gate, which counts whom it served.
import { createGate, relayer } from "x402-wasm/edge";
import { durableObject } from "x402-wasm/edge/durable-object";

export { Ledger } from "x402-wasm/edge/durable-object";

const USDC = { network: "eip155:84532", address: "0x036CbD53842c5426634e7929541eC2318f3dCF7e", name: "USDC", version: "2", decimals: 6 };

// At module scope, as an operator writes it: nothing may be drawn, read or waited for here (S74).
const gate = createGate((env) => ({
  payTo: env.PAY_TO,
  network: "eip155:84532",
  tickets: { issuer: "https://gate.test", keys: [{ kid: "test", secret: env.TICKET_SECRET }] },
  routes: {
    "GET /films/:id": { price: "$0.01", ticket: { ttl: 600, scope: "matinee" } },
    "GET /films/premiere": { price: "$0.05", ticket: { ttl: 300, scope: "premiere" } },
    "GET /shorts/:id": { price: "$0.01", maxTimeoutSeconds: 60, ticket: { ttl: 2, scope: "short" } },
    "GET /permit2": { price: "$0.01", method: "permit2", ticket: { ttl: 600, scope: "permit2" } },
    "GET /search": { price: "$0.01", scheme: "upto" },
    "GET /api/stock": { accepts: [{ scheme: "exact", price: "$0.01", extra: { assetTransferMethod: "permit2" } }] },
    "POST /reviews": { price: "$0.01", ticket: { scope: "review" } },
  },
  free: ["GET /", "GET /unchecked", "GET /served", "GET /ledger/:jti"],
  // Another name for the same asset, where a test wants one.
  assets: env.SYMBOL ? [{ ...USDC, symbol: env.SYMBOL }] : [],
  ledger: durableObject(env.LEDGER),
  // None unless a test restarts the gate with some.
  chains: JSON.parse(env.CHAINS || "{}"),
  settle: relayer({ rpc: env.RPC_URL, key: env.RELAYER_KEY }),
}));

const INSIDE = { price: "$0.02", scope: "inside" };

let served = 0;

const table = gate.protect((request, env, ctx, ticket) => serve(request, env, ticket));
const wrapped = gate.paid({ price: "$0.02", scope: "wrapped" }, (request, env, ctx, ticket) => serve(request, env, ticket));

async function inside(request, env) {
  const { response, ticket, finish } = await gate.admit(request, INSIDE, env);
  // The promise, not its outcome: a handler that throws gives its payment back (S43).
  return response ?? finish(serve(request, env, ticket));
}

export default {
  fetch(request, env, ctx) {
    const { pathname } = new URL(request.url);
    if (request.headers.has("x-overflow")) overflowOnRead(request);
    if (pathname === "/wrapped") return wrapped(request, env, ctx);
    if (pathname === "/inside") return inside(request, env);
    return table.fetch(request, env, ctx);
  },
};

async function serve(request, env, ticket) {
  const { pathname } = new URL(request.url);
  if (pathname === "/served") return Response.json({ served });
  if (pathname === "/unchecked") return Response.json(gate.unchecked(env));
  if (pathname.startsWith("/ledger/")) return Response.json((await gate.payment(env, pathname.slice(8))) ?? null);
  if (pathname === "/") return new Response("welcome");
  served += 1;
  const fate = request.headers.get("x-fate");
  if (fate === "throw") throw new Error("the projector is broken");
  const headers = { "cache-control": request.headers.get("x-cache") ?? "" };
  const charge = request.headers.get("x-charge");
  if (charge !== null && request.headers.has("x-charge-by-header")) headers["settlement-overrides"] = JSON.stringify({ amount: charge });
  else if (charge !== null) ticket.charge(charge);
  return Response.json({ film: pathname, scope: ticket.scope }, { status: Number(fate ?? 200), headers });
}

// The stack ends while wasm is below it, as it would in a real exhaustion (S69).
function overflowOnRead(request) {
  const deeper = () => deeper() + 1;
  Object.defineProperty(request, "url", { get: deeper });
}

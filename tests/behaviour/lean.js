// A worker that checks and sells, without a key: behind it another one cashes.
import { createGate, elsewhere } from "x402-wasm/edge/lean";
import { durableObject } from "x402-wasm/edge/durable-object";
import { shop } from "./lean.shop.js";

const gate = createGate((env) => ({
  ...shop(env),
  ledger: durableObject(env.LEDGER),
  settle: elsewhere({ account: env.RELAYER }),
}));

export default gate.protect(async (request, env, ctx, ticket) => {
  const { pathname } = new URL(request.url);
  if (pathname === "/bindings") return Response.json(Object.keys(env).sort());
  if (pathname.startsWith("/ledger/")) return Response.json((await gate.payment(env, pathname.slice(8))) ?? null);
  ticket.charge?.("$0.004");
  return new Response("a film");
});

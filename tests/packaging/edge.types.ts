// Compiled, never run: a worker's gate, and what must not compile.
import { createGate, facilitator, none, relayer } from "x402-wasm/edge";
import { createGate as createFastGate } from "x402-wasm/edge/fast";
import { createGate as createLeanGate, elsewhere } from "x402-wasm/edge/lean";
import { createFacilitator } from "x402-wasm/facilitator";
import { office, paid as paidInHono } from "x402-wasm/hono";
import { Hono } from "hono";
import type { GateOptions, Payment, Ticket } from "x402-wasm/edge";
import { durableObject, Ledger } from "x402-wasm/edge/durable-object";
import { memory } from "x402-wasm/edge/memory";

interface Env {
  LEDGER: { idFromName(name: string): { id: string }; get(id: { id: string }): { fetch: typeof fetch } };
  TICKET_SECRET: string;
  RPC_URL: string;
  RELAYER_KEY: string;
}

const tickets = { issuer: "https://cinema.example", keys: [{ kid: "2026-11", secret: "0".repeat(32) }] };
const gate = createGate<Env>((env) => ({
  payTo: "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
  tickets,
  routes: { "GET /films/:id": { price: "$0.01", network: "eip155:84532", ticket: { ttl: 3600, scope: "matinee" } } },
  free: ["GET /"],
  ledger: durableObject(env.LEDGER),
  settle: relayer({ rpc: env.RPC_URL, key: env.RELAYER_KEY, when: "after" }),
  hooks: {
    onTicket: ({ payer, amount, again }) => void [payer satisfies string, amount satisfies string, again satisfies true | undefined],
    async onSettled({ jti, transaction }) {
      await fetch(`${env.RPC_URL}/${jti satisfies string}/${transaction satisfies string}`);
    },
    onRefused: ({ code, payer }) => [code satisfies string, payer satisfies string | undefined],
  },
}));
export default gate.protect((request, env, ctx, ticket) => new Response(`${env.RPC_URL} ${ticket?.scope satisfies string | undefined}`));
export { Ledger };

const paid = gate.paid({ scope: "reports", amount: "10000", asset: "0x036CbD53842c5426634e7929541eC2318f3dCF7e" }, () => new Response());
const request = new Request("https://cinema.example/");
const pass = await gate.admit(request, { scope: "reports", price: "0.01" });
if (pass.response) pass.response satisfies Response;
else (await pass.finish(Response.json((pass.ticket satisfies Ticket).payer))) satisfies Response;
declare const env: Env;
(await gate.payment(env, "00")) satisfies Payment | undefined;
(await paid(request, env)) satisfies Response;

const pay = paidInHono(gate);
new Hono()
  .get("/films/:id", pay({ scope: "matinee", price: "$0.01" }), (c) => c.text(c.get("ticket").payer satisfies string | undefined ?? ""))
  .post("/token", office(gate));
// @ts-expect-error a handler that is wrapped on its own names its scope
pay({ price: "0.01" });

const plain: GateOptions = { tickets, ledger: memory(), settle: none() };
createGate(plain).protect(() => new Response()).fetch(request);

const metered = gate.paid({ scope: "search", price: "$0.05", scheme: "upto" }, (_request, _env, _ctx, ticket) => {
  ticket?.charge?.("42%");
  return new Response();
});
(await metered(request, env)) satisfies Response;
gate.paid({ scope: "stock", accepts: [{ price: "$0.01", extra: { assetTransferMethod: "permit2" } }] }, () => new Response());
// @ts-expect-error a scheme that nobody could settle
gate.paid({ scope: "other", price: "0.01", scheme: "batch-settlement" }, () => new Response());
// @ts-expect-error money is not a number
createGate({ tickets, ledger: memory(), routes: { "GET /": { price: 0.01 } } });
// @ts-expect-error a misspelled hook
createGate({ tickets, ledger: memory(), hooks: { onTickets: () => {} } });
// @ts-expect-error a refused payment names no transaction
createGate({ tickets, ledger: memory(), hooks: { onRefused: ({ transaction }) => transaction } });
// @ts-expect-error a gate without a ledger remembers nothing
createGate({ tickets });
// @ts-expect-error a handler that is wrapped on its own names its scope
gate.paid({ price: "0.01" }, () => new Response());

createGate({ tickets, ledger: memory(), settle: facilitator("https://f.example", { authHeaders: () => ({ settle: { a: "b" } }) }) });
createGate({ tickets, ledger: memory(), verify: facilitator("https://f.example", { authHeaders: { verify: { a: "b" } } }) });
// @ts-expect-error headers are given for each door
facilitator("https://f.example", { authHeaders: { authorization: "Bearer …" } });
const service = createFacilitator<Env>((env) => ({
  networks: ["eip155:84532"],
  ledger: memory(),
  settle: relayer({ rpc: env.RPC_URL, key: env.RELAYER_KEY }),
}));
(await service.fetch(request, env)) satisfies Response;
// @ts-expect-error a facilitator sends the transfers itself
createFacilitator({ networks: ["eip155:84532"], ledger: memory() });

createFastGate satisfies typeof createGate;
createLeanGate<Env>((env) => ({ tickets, ledger: durableObject(env.LEDGER), settle: elsewhere({ when: "before", account: "0x2de7" }) }));
// @ts-expect-error The other worker's key is not here.
elsewhere({ key: "0x11" });

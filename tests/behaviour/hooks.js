// A worker whose hooks tell a witness what happened; at two of its routes they throw, or never end.
import { createGate, relayer } from "x402-wasm/edge";
import { durableObject } from "x402-wasm/edge/durable-object";

export { Ledger } from "x402-wasm/edge/durable-object";

const HOOKS = ["Admitted", "Challenge", "Verified", "Refused", "Ticket", "Released", "Settled", "SettleFailed", "Unknown"];

const gate = createGate((env) => ({
  payTo: env.PAY_TO,
  network: "eip155:84532",
  tickets: { issuer: "https://gate.test", keys: [{ kid: "test", secret: env.TICKET_SECRET }] },
  routes: {
    "GET /films/:id": { price: "$0.01", ticket: { scope: "matinee" } },
    "GET /throwing": { price: "$0.01", ticket: { scope: "throwing" } },
    "GET /hanging": { price: "$0.01", ticket: { scope: "hanging" } },
  },
  ledger: durableObject(env.LEDGER),
  settle: relayer({ rpc: env.RPC_URL, key: env.RELAYER_KEY }),
  hooks: Object.fromEntries(HOOKS.map((name) => [`on${name}`, (event) => tell(env.WITNESS, `on${name}`, event)])),
}));

function tell(witness, hook, event) {
  if (event.scope === "throwing") throw new Error("this hook is broken");
  if (event.scope === "hanging") return new Promise(() => {});
  return fetch(witness, { method: "POST", body: JSON.stringify({ hook, event }) });
}

export default gate.protect((request) => new Response("the film", { status: Number(request.headers.get("x-fate") ?? 200) }));

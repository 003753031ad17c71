// A gate for every path, each with another configuration.
import { createGate, facilitator, relayer } from "x402-wasm/edge";

const KEY = `0x${"11".repeat(32)}`;
const NODE = "http://127.0.0.1:9";
const ORIGIN = "https://cinema.example";
const upto = { "GET /*": { price: "$0.01", scheme: "upto" } };

const CONFIGURATIONS = {
  "/default": {},
  "/no-chains": { chains: {} },
  "/relayer": { settle: relayer({ rpc: NODE, key: KEY }) },
  "/upto": { settle: relayer({ rpc: NODE, key: KEY }), routes: upto },
  "/chains": { chains: { "eip155:84532": { rpc: NODE } } },
  "/verify": { verify: facilitator(NODE) },
  "/named": { paymentIdentifier: "optional" },
  "/sign-in": { signIn: { origin: ORIGIN } },
  "/signed-offers": { offerReceipt: { origin: ORIGIN, key: KEY } },
};

const open = (path) =>
  createGate(({ ledger }) => ({
    payTo: "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
    network: "eip155:84532",
    tickets: { issuer: ORIGIN, keys: [{ kid: "a", secret: "a secret that only this test knows." }] },
    routes: { "GET /*": { price: "$0.01" } },
    ledger,
    ...CONFIGURATIONS[path],
  })).protect(() => new Response("the film"));

export default {
  fetch: (request, env, ctx) => open(new URL(request.url).pathname).fetch(request, env, ctx),
};

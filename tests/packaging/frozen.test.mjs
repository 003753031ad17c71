// What a caller hands over is copied once: objects that answer differently each time, or inherit, decide nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createPayer, LocalWallet } from "x402-wasm";
import { createGate, none } from "x402-wasm/edge";
import { memory } from "x402-wasm/edge/memory";

const NETWORK = "eip155:84532";
const PAYEE = "0x209693Bc6afc0C5328bA36FaF03C514EF312287C";
const THIEF = "0x000000000000000000000000000000000000dEaD";
const accepted = {
  scheme: "exact",
  network: NETWORK,
  amount: "10000",
  asset: "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
  payTo: PAYEE,
  maxTimeoutSeconds: 300,
  extra: { name: "USDC", version: "2" },
};
const challenge = btoa(JSON.stringify({ x402Version: 2, resource: { url: "https://cinema.example/" }, accepts: [accepted] }));

/** A server that asks for a cent and serves whoever signs anything. */
async function till(_, init) {
  if (new Headers(init?.headers).has("payment-signature")) return new Response("the film");
  return new Response("{}", { status: 402, headers: { "payment-required": challenge } });
}

/** Shows `first` to whoever looks first, and `then` ever after, at any depth. */
function shifty(first, then) {
  const seen = new Set();
  return new Proxy(first, {
    get(target, name) {
      const now = seen.has(name) ? (then[name] ?? target[name]) : target[name];
      seen.add(name);
      return isPlain(now) ? shifty(now, then[name] ?? {}) : now;
    },
  });
}

const isPlain = (value) => typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

async function polluted(properties, act) {
  for (const [name, value] of Object.entries(properties)) {
    Object.defineProperty(Object.prototype, name, { value, configurable: true, enumerable: true, writable: true });
  }
  try {
    return await act();
  } finally {
    for (const name of Object.keys(properties)) delete Object.prototype[name];
  }
}

const gateOptions = {
  payTo: PAYEE,
  network: NETWORK,
  tickets: { issuer: "https://cinema.example", keys: [{ kid: "a", secret: "a secret that only this test knows." }] },
  routes: { "GET /films/:id": { price: "$0.01" } },
};

async function asked(gate) {
  const { fetch } = gate.protect(() => new Response("the film"));
  const response = await fetch(new Request("https://cinema.example/films/1"));
  assert.equal(response.status, 402);
  return JSON.parse(atob(response.headers.get("payment-required"))).accepts;
}

test("s15 a payer's options that change on the second look: the first look holds", async () => {
  const wallet = LocalWallet.generate();
  let kept;
  const store = { load: () => kept, save: (text) => void (kept = text) };
  await createPayer({ wallet, networks: [NETWORK], store, fetch: till }).fetch("https://cinema.example/");
  // What a store kept is read into a payer that is opened a second time, with the options of the first.
  const options = shifty({ networks: [NETWORK], budget: { perPayment: "0.001" } }, { budget: { perPayment: "100" } });
  const payer = createPayer({ ...options, wallet, store, fetch: till });
  await assert.rejects(payer.fetch("https://cinema.example/"), { name: "X402Error", code: "over_per_payment" });
});

test("s15 a gate's options that change on the second look: the first look holds", async () => {
  const ledger = memory({ forTests: true });
  const gate = createGate({ ...shifty({ ...gateOptions }, { payTo: THIEF, routes: { "GET /films/:id": { price: "$0.02" } } }), ledger, settle: none() });
  for (let look = 0; look < 3; look += 1) {
    assert.deepEqual((await asked(gate)).map(({ payTo, amount }) => [payTo, amount]), [[PAYEE, "10000"]]);
  }
});

test("s15 a polluted Object.prototype raises no budget and pays nobody else", async () => {
  const properties = { perPayment: "100", perDay: "100", total: "100", payTo: THIEF, maxAmount: "100", amount: "1", price: "$0", free: ["/**"] };
  await polluted(properties, async () => {
    const payer = createPayer({ wallet: LocalWallet.generate(), networks: [NETWORK], budget: { perPayment: "0.001" }, fetch: till });
    await assert.rejects(payer.fetch("https://cinema.example/"), { name: "X402Error", code: "over_per_payment" });
    const gate = createGate({ ...gateOptions, ledger: memory({ forTests: true }), settle: none() });
    assert.deepEqual((await asked(gate)).map(({ payTo, amount }) => [payTo, amount]), [[PAYEE, "10000"]]);
  });
});

test("s15 names that JavaScript knows are ordinary unknown names", async () => {
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    const routes = JSON.parse(`{ "GET /films/:id": { "price": "$0.01", "ticket": { "scope": "${name}" } } }`);
    const gate = createGate({ ...gateOptions, routes, ledger: memory({ forTests: true }), settle: none() });
    assert.equal((await asked(gate)).length > 0, true, name);
    const options = JSON.parse(`{ "networks": ["${NETWORK}"], "budget": { "payees": { "https://cinema.example": ["${PAYEE}"] }, "${name}": "100" } }`);
    assert.throws(() => createPayer({ ...options, wallet: LocalWallet.generate() }), { name: "X402Error", code: "unknown_option" });
  }
});

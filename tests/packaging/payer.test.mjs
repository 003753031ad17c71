// The built package, imported by its name, pays at a real HTTP server.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { privateKeyToAccount } from "viem/accounts";
import { recoverTypedDataAddress } from "viem";
import { createPayer, decodePaymentResponseHeader, init, LocalWallet, ProviderWallet, wrapFetchWithPayment, X402Error } from "x402-wasm";
import { instances } from "./instances.mjs";

const USDC = "0x036CbD53842c5426634e7929541eC2318f3dCF7e";
const PAYEE = "0x2de7B9388C249D20800bA097eD5DEb66e4437Dc4";
const KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
const networks = ["eip155:84532"];

/** A gate with one film, one office, and a list of what came in. */
class Gate {
  seen = [];
  payments = new Map();
  price = "10000";
  faults = [];
  office = "/token";

  handle = async (request, response) => {
    const body = await text(request);
    this.seen.push({ method: request.method, url: request.url, headers: request.headers, body });
    if (request.url === "/moved") return response.writeHead(302, { location: "/films/1" }).end();
    if (this.redirects) return response.writeHead(this.redirects, { location: this.sink }).end();
    if (request.url === "/free") return response.end("free");
    if (request.url.startsWith("/token")) return this.sell(body, response);
    if (this.payments.has(request.headers.authorization?.replace("Bearer ", ""))) return response.end(`the film ${body}`);
    if (request.headers["payment-signature"]) return this.serve(request.headers["payment-signature"], response);
    return this.turnAway(response);
  };

  async sell(body, response) {
    const payment = JSON.parse(body);
    await check(payment);
    const nonce = payment.payload.authorization.nonce;
    this.payments.set(nonce, payment);
    const fault = this.faults.shift();
    if (fault === "drop") return response.destroy();
    if (fault) return response.writeHead(fault).end();
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ access_token: nonce, token_type: "Bearer", expires_in: 600, scope: "matinee", jti: nonce }));
  }

  async serve(header, response) {
    const payment = JSON.parse(Buffer.from(header, "base64"));
    await check(payment);
    this.payments.set(payment.payload.authorization.nonce, payment);
    response.setHeader("payment-response", base64({ success: true, transaction: "", network: networks[0] }));
    response.end("the film");
  }

  turnAway(response) {
    const challenge = {
      x402Version: 2,
      error: "payment_required",
      resource: { url: "http://localhost/films/1" },
      accepts: [{ scheme: "exact", network: networks[0], amount: this.price, asset: USDC, payTo: PAYEE, maxTimeoutSeconds: 300, extra: { name: "USDC", version: "2" } }],
      extensions: this.office && { ticket: { info: { endpoint: this.office, scope: "matinee", ttl: 600 } } },
    };
    response.writeHead(402, { "payment-required": base64(challenge) }).end("{}");
  }
}

/** Signed by whoever says so, in the asset's own domain: viem's opinion, not ours. */
async function check({ payload, accepted }) {
  const { authorization: message, signature } = payload;
  const types = { TransferWithAuthorization: [["from", "address"], ["to", "address"], ["value", "uint256"], ["validAfter", "uint256"], ["validBefore", "uint256"], ["nonce", "bytes32"]].map(([name, type]) => ({ name, type })) };
  const domain = { name: "USDC", version: "2", chainId: 84532, verifyingContract: USDC };
  const signer = await recoverTypedDataAddress({ domain, types, primaryType: "TransferWithAuthorization", message, signature });
  assert.equal(signer, message.from);
  assert.equal(message.value, accepted.amount);
  assert.equal(message.to, PAYEE);
}

const base64 = (value) => Buffer.from(JSON.stringify(value)).toString("base64");

async function text(request) {
  let all = "";
  for await (const chunk of request) all += chunk;
  return all;
}

const server = createServer((request, response) => gate.handle(request, response).catch((error) => response.writeHead(500).end(String(error))));
let gate, origin, payer;

before(async () => {
  await init();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
});
beforeEach(() => {
  gate = new Gate();
  payer = createPayer({ wallet: LocalWallet.generate(), networks });
});
after(() => server.close());

const film = () => `${origin}/films/1`;
const signatures = () => gate.payments.size;
const code = (expected) => (error) => {
  assert.ok(error instanceof X402Error, error.stack);
  assert.equal(error.code, expected, error.message);
  return true;
};

test("a film is bought once and watched twice", async () => {
  const events = [];
  for (const type of ["payment", "ticket", "refusal"]) payer.addEventListener(type, ({ detail }) => events.push([type, detail]));
  assert.equal(await (await payer.fetch(film())).text(), "the film ");
  assert.deepEqual(gate.seen.map(({ method, url }) => `${method} ${url}`), ["GET /films/1", "POST /token", "GET /films/1"]);
  assert.equal((await payer.fetch(film())).status, 200);
  assert.equal(gate.seen.length, 4, "the ticket goes along at once");
  assert.equal(signatures(), 1);
  const [[, payment], [, ticket]] = events;
  assert.deepEqual(events.map(([type]) => type), ["payment", "ticket"]);
  assert.equal(payment.amount, "0.01");
  assert.equal(payment.typedData.message.nonce, payment.nonce);
  assert.equal(ticket.scope, "matinee");
  assert.deepEqual(payer.tickets(), [ticket]);
  assert.deepEqual(payer.spending(), { perPayment: "0.1", perDay: { limit: "1", spent: "0.01" } });
});

test("a hundred at once share one payment", async () => {
  const films = await Promise.all(Array.from({ length: 100 }, (_, n) => payer.fetch(`${origin}/films/${n}`)));
  assert.ok(films.every(({ status }) => status === 200));
  assert.equal(signatures(), 1);
});

test("s63 lost answers and a server in trouble are met with the same payment", async () => {
  gate.faults = ["drop", 503, 202];
  assert.equal((await payer.fetch(film())).status, 200);
  assert.equal(signatures(), 1);
  assert.equal(new Set(gate.seen.filter(({ method }) => method === "POST").map(({ body }) => body)).size, 1);
});

test("a payment goes to the resource where no office is, over the fetch that is given", async () => {
  gate.office = undefined;
  let calls = 0;
  const pay = wrapFetchWithPayment((...request) => (calls++, fetch(...request)), payer);
  const response = await pay(film());
  assert.equal(decodePaymentResponseHeader(response.headers.get("payment-response")).success, true);
  assert.equal(calls, 2);
});

test("what is above the budget is refused before anything is signed", async () => {
  gate.price = "100001";
  let refusal;
  payer.addEventListener("refusal", ({ detail }) => (refusal = detail));
  await assert.rejects(payer.fetch(film()), code("over_per_payment"));
  assert.equal(refusal.offer.amount, "0.100001");
  assert.equal(signatures(), 0);
});

test("s60 an office elsewhere gets nothing", async () => {
  gate.office = "//127.0.0.1:1/steal";
  await assert.rejects(payer.fetch(film()), code("foreign_office"));
});

test("s59 a ticket does not follow a redirect, the request does", async () => {
  assert.equal((await payer.fetch(`${origin}/moved`)).status, 200);
  const paths = gate.seen.map(({ method, url, headers }) => `${method} ${url}${headers.authorization ? " with ticket" : ""}`);
  assert.deepEqual(paths, ["GET /moved", "GET /films/1", "POST /token", "GET /films/1 with ticket"]);
});

test("s59 no redirect carries a ticket or a payment to another origin", async () => {
  const stolen = [];
  const sink = createServer(async (request, response) => (stolen.push(request.headers, await text(request)), response.end()));
  await new Promise((resolve) => sink.listen(0, "127.0.0.1", resolve));
  for (const status of [301, 302, 303, 307, 308]) {
    const redirectAfter = (requests) => {
      gate = new Gate();
      gate.sink = `http://127.0.0.1:${sink.address().port}/`;
      const handle = gate.handle;
      gate.handle = (request, response) => {
        if (gate.seen.length === requests) gate.redirects = status;
        return handle(request, response);
      };
      return createPayer({ wallet: LocalWallet.generate(), networks });
    };
    const bought = redirectAfter(1).fetch(film(), { signal: AbortSignal.timeout(400) });
    await assert.rejects(bought, { name: "TimeoutError" }, "the office's redirect is no answer: the same payment is tried again");
    assert.ok(gate.seen.length > 2);
    await assert.rejects(redirectAfter(2).fetch(film()), TypeError);
  }
  sink.close();
  assert.deepEqual(stolen, []);
});

test("bodies are sent again if they can be", async () => {
  const bodies = ["text", new TextEncoder().encode("bytes"), new Blob(["blob"]), new URLSearchParams({ a: "form" })];
  for (const [n, body] of bodies.entries()) {
    const response = await payer.fetch(`${origin}/films/${n}`, { method: "POST", body });
    assert.match(await response.text(), /^the film (text|bytes|blob|a=form)$/);
  }
  const request = new Request(`${origin}/films/9`, { method: "PUT", body: "a request's" });
  assert.equal(await (await payer.fetch(request)).text(), "the film a request's");
  const stream = new Blob(["once"]).stream();
  const other = createPayer({ wallet: LocalWallet.generate(), networks });
  await assert.rejects(other.fetch(film(), { method: "POST", body: stream, duplex: "half" }), code("body_not_replayable"));
  assert.equal(await (await payer.fetch(`${origin}/free`, { method: "POST", body: new Blob(["once"]).stream(), duplex: "half" })).text(), "free");
});

test("an abort is an abort, and what never left is not spent", async () => {
  const wallet = { address: privateKeyToAccount(KEY).address, signTypedData: () => new Promise(() => {}) };
  const slow = createPayer({ wallet, networks });
  const abort = new AbortController();
  const bought = slow.fetch(film(), { signal: abort.signal });
  while (slow.spending().perDay.spent === "0") await new Promise((resolve) => setTimeout(resolve, 5));
  abort.abort();
  await assert.rejects(bought, { name: "AbortError" });
  assert.equal(slow.spending().perDay.spent, "0");
  await assert.rejects(payer.fetch(film(), { signal: AbortSignal.abort(new Error("mine")) }), /mine/);
});

test("s66 other wallets sign too, and only what was asked", async () => {
  const account = privateKeyToAccount(KEY);
  assert.equal((await createPayer({ wallet: account, networks }).fetch(film())).status, 200);
  const provider = {
    request: ({ method, params }) => (method === "eth_requestAccounts" ? [account.address] : account.signTypedData(JSON.parse(params[1]))),
  };
  assert.equal((await createPayer({ wallet: await ProviderWallet.connect(provider), networks }).fetch(film())).status, 200);
  const liar = { address: account.address, signTypedData: () => privateKeyToAccount(`0x${"11".repeat(32)}`).signMessage({ message: "?" }) };
  await assert.rejects(createPayer({ wallet: liar, networks }).fetch(film()), code("wallet_signature_invalid"));
  const refuses = { address: account.address, signTypedData: () => Promise.reject(new Error("User rejected")) };
  await assert.rejects(createPayer({ wallet: refuses, networks }).fetch(film()), (error) => error.code === "wallet_refused" && error.cause.message === "User rejected");
});

test("s62 a store sees the payment before the server does", async () => {
  const saved = [];
  const store = { load: () => saved.at(-1), save: (text) => void saved.push(text) };
  const wallet = LocalWallet.generate();
  const first = createPayer({ wallet, networks, store, fetch: (...request) => (saved.length && assert.match(saved.at(-1), /"signature"|"ticket"/), fetch(...request)) });
  assert.equal((await first.fetch(film())).status, 200);
  const second = createPayer({ wallet, networks, store });
  assert.equal((await second.fetch(film())).status, 200);
  assert.equal(signatures(), 1, "the ticket came out of the store");
  assert.equal(second.spending().perDay.spent, "0.01");
  const broken = createPayer({ wallet, networks, store: { load: () => undefined, save: () => Promise.reject(new Error("disk full")) } });
  await assert.rejects(broken.fetch(film()), code("store_failed"));
  assert.equal(signatures(), 1);
});

test("options are read strictly", () => {
  const open = (options) => () => createPayer({ wallet: LocalWallet.generate(), networks, ...options });
  assert.throws(open({ networks: [] }), code("invalid_option"));
  assert.throws(open({ netwroks: [] }), code("unknown_option"));
  assert.throws(open({ budget: { perDay: 1 } }), code("invalid_option"));
  assert.throws(open({ budget: { perDay: Number.NaN } }), code("unknown_option"));
  assert.throws(open({ budget: { perDay: () => "1" } }), code("invalid_option"));
  assert.throws(open({ wallet: { address: "vitalik.eth" } }), code("invalid_option"));
});

test("s70 an imported key is wiped where it came from, and a destroyed wallet does not sign", async () => {
  const key = Uint8Array.from(Buffer.from(KEY.slice(2), "hex"));
  const wallet = LocalWallet.import(key);
  assert.equal(wallet.address, privateKeyToAccount(KEY).address);
  assert.ok(key.every((byte) => byte === 0));
  assert.throws(() => LocalWallet.import(new Uint8Array(31)), code("invalid_option"));
  assert.throws(() => LocalWallet.import(KEY), code("invalid_option"));
  const mine = createPayer({ wallet, networks });
  wallet.destroy();
  await assert.rejects(mine.fetch(film()), code("wallet_refused"));
  assert.equal(signatures(), 0);
});

test("s70 no copy of a key stays in memory after it is destroyed", async () => {
  const [{ memory }] = instances;
  const key = Uint8Array.from({ length: 32 }, (_, n) => (n * 37 + 11) % 251);
  const copies = () => [key, key.toReversed()].reduce((sum, bytes) => sum + count(Buffer.from(memory.buffer), Buffer.from(bytes)), 0);
  const wallet = LocalWallet.import(Uint8Array.from(key));
  assert.equal((await createPayer({ wallet, networks }).fetch(film())).status, 200);
  assert.ok(copies() > 0, "the scan finds a key that is there");
  wallet.destroy();
  assert.equal(copies(), 0);
});

test("s69 after a trap the next call is good, and what was spent is remembered", async () => {
  const account = privateKeyToAccount(KEY);
  const outside = createPayer({ wallet: account, networks });
  const wallet = LocalWallet.generate();
  const inside = createPayer({ wallet, networks });
  assert.equal((await outside.fetch(film())).status, 200);
  const before = [...instances];
  for (const { memory } of before) new Uint8Array(memory.buffer).fill(0xff);
  const trapped = [outside, inside].map(spendingOf).filter((outcome) => outcome === "internal_error");
  assert.equal(trapped.length, before.length, "one build each, or both payers in one");
  for (let n = 0; n < 1000; n++) assert.equal(outside.spending().perDay.spent, "0.01");
  assert.equal((await outside.fetch(film())).status, 200);
  assert.equal(signatures(), 1, "the ticket survived too");
  await assert.rejects(inside.fetch(film()), code("wallet_lost"));
});

function spendingOf(payer) {
  try {
    return payer.spending();
  } catch ({ code }) {
    return code;
  }
}

function count(haystack, needle) {
  let found = 0;
  for (let at = -1; (at = haystack.indexOf(needle, at + 1)) >= 0; ) found++;
  return found;
}

// The ways that most requests go are written for speed: they end as they should, and where a hook listens they end alike.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import test from "node:test";
import { createGate } from "x402-wasm/edge";
import { memory } from "x402-wasm/edge/memory";

const ORIGIN = "https://gate.test";
const SECRET = "a secret that only this test knows.";
const PAYER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const ASSET = "0x036CbD53842c5426634e7929541eC2318f3dCF7e";

const options = {
  payTo: "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
  network: "eip155:84532",
  tickets: { issuer: ORIGIN, keys: [{ kid: "a", secret: SECRET }] },
  routes: {
    "GET /films/:id": { price: "$0.01", description: "A \"film\" <b>of</b> ₮", ticket: { scope: "matinée" } },
    "POST /reviews": { price: "$0.02" },
  },
  free: ["GET /"],
};

const ignored = () => {};
const hooks = { onAdmitted: ignored, onChallenge: ignored, onRefused: ignored };

/** What a handler answers for the path `/films/<name>`. */
const ANSWERS = {
  plain: () => new Response("the film"),
  stored: () => new Response("the film", { headers: { "cache-control": "public, max-age=60, s-maxage=9" } }),
  own: () => new Response("the film", { headers: { "access-control-allow-origin": "https://a.test", "access-control-expose-headers": "X-Own" } }),
  empty: () => new Response(null, { status: 204, headers: { "cache-control": "" } }),
  charged: () => new Response("the film", { headers: { "settlement-overrides": "{}" } }),
};

/** A gate, and what its handler was handed. */
function opened(own) {
  const handed = [];
  const gate = createGate({ ...options, ledger: memory({ forTests: true }), ...own });
  const { fetch } = gate.protect((request, _env, _ctx, ticket) => {
    handed.push(ticket);
    return (ANSWERS[new URL(request.url).pathname.split("/")[2]] ?? ANSWERS.plain)();
  });
  const ask = async (path, init) => {
    const response = await fetch(new Request(ORIGIN + path, init));
    return { status: response.status, headers: [...response.headers], body: await response.text(), ticket: handed.pop() };
  };
  return ask;
}

const [swift, slow] = [opened({}), opened({ hooks })];
const encode = (value) => Buffer.from(value).toString("base64url");
const now = Math.floor(Date.now() / 1000);
const claims = (changes) => ({
  iss: ORIGIN,
  aud: "matinée",
  sub: `eip155:84532:${PAYER}`,
  iat: now,
  exp: now + 600,
  jti: "ab".repeat(32),
  x402: { network: "eip155:84532", asset: ASSET, amount: "10000" },
  ...changes,
});
const sign = (input, secret = SECRET) => `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
/** As we write it: ASCII, and compact. */
const ascii = (value) => JSON.stringify(value).replace(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
const jwt = (payload, head = { alg: "HS256", kid: "a", typ: "JWT" }, text = ascii) => sign(`${encode(JSON.stringify(head))}.${encode(text(payload))}`);
const mock = (payload) => sign(encode(JSON.stringify(payload)), createHmac("sha256", SECRET).update("x402-mock ticket for matinée").digest());

const GOOD = {
  "as we write it": jwt(claims()),
  "in an order of its own": jwt(Object.fromEntries(Object.entries(claims()).reverse())),
  "of another library": jwt(claims({ sub: `eip155:84532:${PAYER.toLowerCase()}` }), { typ: "JWT", kid: "a", alg: "HS256" }, JSON.stringify),
  "for an address in capitals": jwt(claims({ x402: { network: "eip155:84532", asset: `0x${ASSET.slice(2).toUpperCase()}`, amount: "0" } })),
  "for what is dear": jwt(claims({ sub: `eip155:1:${PAYER}`, x402: { network: "eip155:1", asset: PAYER, amount: `1${"0".repeat(70)}` } })),
  "of x402-mock": mock({ exp: now + 60, iat: now, nonce: "AAAA" }),
};
const BAD = {
  "for another scope": jwt(claims({ aud: "GET /films/:id" })),
  "of another gate": jwt(claims({ iss: "https://other.test" })),
  expired: jwt(claims({ iat: now - 600, exp: now })),
  "not yet valid": jwt(claims({ iat: now + 120 })),
  forged: `${jwt(claims()).slice(0, -4)}AAAA`,
  "in another spelling": `${jwt(claims())}=`,
  "of four parts": `${jwt(claims())}.AAAA`,
  "without a payer": jwt(claims({ sub: undefined })),
  "with a misspelled payer": jwt(claims({ sub: "eip155:84532:0x70" })),
  "of another algorithm": jwt(claims(), { alg: "none", kid: "a" }),
  "of an unknown key": jwt(claims(), { alg: "HS256", kid: "b" }),
  "too large": jwt(claims({ jti: "a".repeat(2048) })),
  empty: "",
};

const bearer = (text) => ({ headers: { authorization: `Bearer ${text}` } });
const same = async (path, init, what) => {
  const [one, other] = [await swift(path, init), await slow(path, init)];
  assert.deepEqual(one, other, what);
  return one;
};

/** What a handler is handed for a good ticket of a payer. */
const told = { route: "GET /films/:id", scope: "matinée", payer: PAYER, jti: "ab".repeat(32), expires: now + 600 };
const paid = { network: "eip155:84532", asset: ASSET, amount: "10000" };
const TOLD = {
  "for an address in capitals": { ...told, paid: { ...paid, amount: "0" } },
  "for what is dear": { ...told, paid: { network: "eip155:1", asset: PAYER, amount: `1${"0".repeat(70)}` } },
  "of x402-mock": { route: told.route, scope: told.scope, expires: now + 60 },
};

test("s35 a good ticket opens, and tells what it says", async () => {
  for (const [what, text] of Object.entries(GOOD)) {
    for (const name of Object.keys(ANSWERS)) {
      const { ticket, headers } = await same(`/films/${name}`, bearer(text), what);
      assert.deepEqual(ticket, TOLD[what] ?? { ...told, paid }, what);
      assert.ok(new Map(headers).get("cache-control").includes("private"));
      assert.equal(new Map(headers).get("settlement-overrides"), undefined);
    }
  }
});

test("s30 a bad ticket is refused alike either way", async () => {
  for (const [what, text] of Object.entries(BAD)) {
    const { status, ticket } = await same("/films/plain", bearer(text), what);
    assert.deepEqual([status, ticket], [402, undefined], what);
  }
});

test("s19 every other request ends alike either way", async () => {
  const heads = [{}, { authorization: "Basic YTpi" }, { "payment-signature": "e30=" }, { "x-payment": "!" }, { "payment-signature": "a", "x-payment": "b" }, { accept: "text/html" }];
  const paths = ["/", "/films/moon", "/films/moon?a=%22&b=%00&c=<'", "/films/%C3%A9", "/films/a%2Fb", "/reviews", "/token", "/nowhere", `/films/${"a".repeat(2100)}`];
  for (const path of paths) {
    for (const method of ["GET", "HEAD", "POST", "OPTIONS"]) {
      for (const headers of heads) await same(path, { method, headers }, `${method} ${path}`);
    }
  }
});

test("s29 a challenge names the URL that was asked for, however many were asked for before", async () => {
  for (const path of ["/films/1", "/films/2?a=%22%5C&b=1", "/films/1", "/films/caf%C3%A9"]) {
    const { status, headers, body } = await swift(path);
    assert.equal(status, 402);
    const { resource, accepts } = JSON.parse(atob(new Map(headers).get("payment-required")));
    assert.deepEqual(resource, { url: ORIGIN + path, description: options.routes["GET /films/:id"].description });
    assert.equal(JSON.parse(body).accepts[0].resource, ORIGIN + path);
    assert.equal(accepts[0].payTo, options.payTo);
  }
});

test("a ticket that a handler writes on is its own", async () => {
  const first = (await swift("/films/plain", bearer(GOOD["as we write it"]))).ticket;
  first.paid.amount = "0";
  first.payer = "nobody";
  const second = (await swift("/films/plain", bearer(GOOD["as we write it"]))).ticket;
  assert.deepEqual([second.paid.amount, second.payer], ["10000", PAYER]);
});

// Everything malformed gets a 4xx with a code and a sentence; nothing is granted, nothing breaks, nothing hangs.
import assert from "node:assert/strict";
import test, { after, afterEach, before } from "node:test";
import { raw } from "./raw.mjs";
import { asPermit, openWorld, toHeader } from "./world.mjs";

let world;
before(async () => (world = await openWorld()));
after(() => world?.close());
// Whatever came before, the next one who pays is served.
afterEach(async () => assert.equal((await world.payOn("/films/moon", await world.pay("/films/moon"))).status, 200));

const MAX_HEADER = 8 * 1024;
const MAX_BODY = 16 * 1024;
const POST = ["POST /token?scope=matinee HTTP/1.1", "Content-Type: application/json"];

function refused({ status, body }, expected, code, what) {
  const answer = JSON.parse(body);
  assert.deepEqual([status, answer.code], [expected, code], what);
  assert.ok(answer.message.length > 10, what);
}

async function readAnswer(response) {
  return { status: response.status, body: await response.text() };
}

const withHeader = async (value) => readAnswer(await world.fetch("/films/moon", { headers: { "payment-signature": value } }));
const withBody = async (body, init) => readAnswer(await world.buy("matinee", body, init));
const base64 = (text) => Buffer.from(text).toString("base64");

/** A good payment's document as text, changed in one place after it was signed. */
async function changed(from, to, write = (payment) => payment) {
  const document = JSON.stringify(write(await world.pay("/films/moon")));
  const text = document.replace(from, to);
  assert.notEqual(text, document, String(from));
  return text;
}

const CHANGES = [
  [/"x402Version":2/, '"x402Version":3', 400, "invalid_x402_version"],
  [/"x402Version":2/, '"x402Version":"2"', 400, "invalid_x402_version"],
  [/"x402Version":2,/, "", 400, "invalid_payload"],
  [/"nonce":"0x../, '"nonce":"0x', 400, "invalid_payload"],
  [/"nonce":"0x/, '"nonce":"', 400, "invalid_payload"],
  [/"value":"10000"/, '"value":10000', 400, "invalid_payload"],
  [/"value":"10000"/, '"value":"1e4"', 400, "invalid_payload"],
  [/"value":"10000"/, '"value":"010000"', 400, "invalid_payload"],
  [/"value":"10000"/, '"value":"-10000"', 400, "invalid_payload"],
  [/"value":"10000"/, '"value":"10000","value":"1"', 400, "invalid_json"],
  [/"value":"10000"/, `"value":"${"9".repeat(79)}"`, 400, "invalid_payload"],
  [/"payload":\{/, '"payload":null,"x":{', 400, "invalid_payload"],
  [/"signature":"0x../, '"signature":"0xzz', 400, "invalid_payload"],
  [/"signature":"0x../, '"signature":"0x', 400, "invalid_payload"],
  [/"value":"10000"/, '"value":"9999"', 402, "invalid_exact_evm_payload_authorization_value_mismatch"],
  [/"value":"10000"/, '"value":"10001"', 402, "invalid_exact_evm_payload_authorization_value_mismatch"],
  [/"validAfter":"0"/, '"validAfter":"1"', 402, "invalid_exact_evm_signature"],
  [/"validAfter":"0"/, '"validAfter":"99999999999"', 402, "invalid_exact_evm_payload_authorization_valid_after"],
  [/"validBefore":"\d+"/, '"validBefore":"1"', 402, "invalid_exact_evm_payload_authorization_valid_before"],
  [/"validBefore":"\d+"/, '"validBefore":"99999999999"', 402, "authorization_lives_too_long"],
  [/"amount":"10000"/, '"amount":"1"', 402, "no_matching_payment_requirements"],
  [/"scheme":"exact"/, '"scheme":"upto"', 402, "invalid_exact_evm_scheme"],
];

test("s22 a payment that is changed in one place is refused for what is wrong with it, at both doors", async () => {
  for (const [from, to, status, code] of CHANGES) {
    const text = await changed(from, to);
    refused(await withHeader(base64(text)), status, code, `header: ${to}`);
    refused(await withBody(text), status, code, `body: ${to}`);
  }
});

test("a permit that is changed in one place is refused with 400 and never with 402", async () => {
  const changes = [
    [/"version":"Version 0.1"/, '"version":"Version 0.2"'],
    [/"version":"Version 0.1",/, ""],
    [/"permit_type":"ERC3009",/, ""],
    [/"permit_type":"ERC3009"/, '"permit_type":"Permit2"'],
    [/"permit":\{/, '"permit":[],"x":{'],
    [/"chain_id":84532/, '"chain_id":1'],
    [/"value":10000/, '"value":9999'],
    [/"value":10000/, '"value":10000.5'],
    [/"value":10000/, '"value":1e400'],
    [/"validAfter":0/, '"validAfter":-1'],
    [/"validBefore":\d+/, '"validBefore":1'],
    [/"v":\d+/, '"v":0'],
    [/"v":\d+/, '"v":256'],
    [/"r":"0x/, '"r":"0xzz'],
  ];
  for (const [from, to] of changes) {
    const answer = await withBody(await changed(from, to, asPermit));
    assert.equal(answer.status, 400, `${to} ${answer.body}`);
    const { error, code, message } = JSON.parse(answer.body);
    assert.ok(error && code && message, to);
  }
});

const GARBAGE = ["", "[]", "null", "1", "{}", "{", '"x"', "[".repeat(4000), '{"a":'.repeat(800), "\u0000", "{}{}", "\ufeff{}", "undefined"];

test("s12 garbage in the header or the body is refused with 400", async () => {
  for (const garbage of GARBAGE) {
    // An empty header says nothing at all.
    for (const answer of [await withHeader(base64(garbage || " ")), await withBody(garbage)]) {
      assert.equal(answer.status, 400, `${garbage.slice(0, 20)} ${answer.body}`);
      const { code, message } = JSON.parse(answer.body);
      assert.ok(/^invalid_(json|payload|x402_version)$/.test(code) && message, garbage.slice(0, 20));
    }
  }
});

test("a payment header has one encoding", async () => {
  const good = toHeader(await world.pay("/films/moon"));
  const notUtf8 = Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]).toString("base64");
  for (const value of ["%%%", "a", `${good.slice(0, 40)} ${good.slice(40)}`, `${good}====`, `-_${good}`, notUtf8, "e30=e30=", "{}"]) {
    refused(await withHeader(value), 400, "invalid_encoding", value.slice(0, 60));
  }
  const { status, body } = await raw(world.gate, ["GET /films/moon HTTP/1.1", "Payment-Signature: \xff\xfe\x80"]);
  refused({ status, body }, 400, "invalid_encoding", "bytes above ASCII");
});

test("s23 one payment in one header", async () => {
  const good = toHeader(await world.pay("/films/moon"));
  const heads = [
    [`Payment-Signature: ${good}`, `Payment-Signature: ${good}`],
    [`Payment-Signature: ${good}, ${good}`],
    [`Payment-Signature: ${good},`],
    [`Payment-Signature: ${good}`, "X-Payment: e30="],
  ];
  for (const head of heads) {
    refused(await raw(world.gate, ["GET /films/moon HTTP/1.1", ...head]), 400, "ambiguous_payment", head.join(" ").slice(0, 60));
  }
  const twice = ["GET /films/moon HTTP/1.1", "Authorization: Bearer a.b.c", "Authorization: Bearer a.b.c"];
  const { status } = await raw(world.gate, twice);
  assert.ok([400, 402].includes(status), `two tickets: ${status}`);
});

test("s24 a header of 8 KiB is read, and one byte more is not", async () => {
  refused(await withHeader("A".repeat(MAX_HEADER)), 400, "invalid_json");
  refused(await withHeader("A".repeat(MAX_HEADER + 1)), 413, "payment_too_large");
  const { status } = await raw(world.gate, ["GET /films/moon HTTP/1.1", `Payment-Signature: ${"A".repeat(1 << 20)}`], "", { mayCut: true });
  assert.ok(status >= 400 && status < 500, `1 MiB: ${status}`);
});

test("s24 a body of 16 KiB is read, and one byte more is not", async () => {
  refused(await withBody(" ".repeat(MAX_BODY)), 400, "invalid_json");
  refused(await withBody(" ".repeat(MAX_BODY + 1)), 413, "payment_too_large");
  const document = JSON.stringify(await world.pay("/films/moon"));
  assert.equal((await withBody(document.padEnd(MAX_BODY))).status, 200, "also a good one");
  refused(await withBody(JSON.stringify(await world.pay("/films/moon")).padEnd(MAX_BODY + 1)), 413, "payment_too_large");
  // The length alone says enough: nothing is sent, and nothing is waited for.
  const announced = [...POST, `Content-Length: ${5 << 20}`];
  refused(await raw(world.gate, announced, "", { patience: 5_000, keepOpen: true }), 413, "payment_too_large", "5 MiB");
});

test("s24 a URL of 2,048 bytes is read, and one byte more is not", async () => {
  const path = (length) => `/films/${"a".repeat(length - "http://127.0.0.1/films/".length)}`;
  assert.equal((await raw(world.gate, [`GET ${path(2048)} HTTP/1.1`])).status, 402);
  refused(await raw(world.gate, [`GET ${path(2049)} HTTP/1.1`]), 414, "url_too_long");
});

const chunk = (text) => `${text.length.toString(16)}\r\n${text}\r\n`;

test("s24 a body in chunks meets the limit at the byte, without a length that says so", async () => {
  const chunked = [...POST, "Transfer-Encoding: chunked"];
  const quarter = chunk(" ".repeat(MAX_BODY / 4));
  refused(await raw(world.gate, chunked, `${quarter.repeat(4)}0\r\n\r\n`), 400, "invalid_json");
  refused(await raw(world.gate, chunked, `${quarter.repeat(4)}${chunk(" ")}0\r\n\r\n`), 413, "payment_too_large");
  // Without an end: the limit counts as soon as it is passed.
  refused(await raw(world.gate, chunked, quarter.repeat(5), { patience: 5_000 }), 413, "payment_too_large");
});

test("a body that never ends is given up, and others are served meanwhile", async () => {
  const patience = { patience: 13_000, keepOpen: true };
  const begun = JSON.stringify(await world.pay("/films/moon"));
  const slow = [
    raw(world.gate, [...POST, "Content-Length: 5000"], '{"x402Version":2,', patience),
    raw(world.gate, [...POST, "Transfer-Encoding: chunked"], chunk("{"), patience),
    // Its document is whole, but whether it ends there is not known.
    raw(world.gate, [...POST, "Transfer-Encoding: chunked"], chunk(begun), patience),
  ];
  assert.equal((await world.buy("matinee", await world.pay("/films/moon"))).status, 200);
  assert.equal((await world.payOn("/films/moon", await world.pay("/films/moon"))).status, 200);
  for (const answer of await Promise.all(slow)) {
    refused(answer, 408, "body_too_slow");
  }
});

test("a body that is not UTF-8 buys nothing", async () => {
  const document = Buffer.from(JSON.stringify(await world.pay("/films/moon")));
  const invalid = Buffer.concat([document.subarray(0, -1), Buffer.from(',"x":"\xff\xfe"}', "latin1")]);
  refused(await withBody(undefined, { body: invalid }), 400, "invalid_encoding");
});

test("the office answers other methods, unknown scopes and bad queries", async () => {
  refused(await readAnswer(await world.fetch("/token")), 405, "method_not_allowed");
  refused(await readAnswer(await world.fetch("/token", { method: "PUT", body: "{}" })), 405, "method_not_allowed");
  const body = JSON.stringify(await world.pay("/films/moon"));
  for (const query of ["?scope=nothing", "?scope=", "?scope=%zz", "?scope=%ff", "?scope=__proto__", `?scope=${"a".repeat(1500)}`]) {
    refused(await readAnswer(await world.fetch(`/token${query}`, { method: "POST", body })), 400, "unknown_scope", query.slice(0, 40));
  }
});

// Facilitators that stall, lie and break: what our gate makes of them. Nothing is ever failed or paid by their mistakes.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import test, { afterEach } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openWorld, ticketOf } from "./world.mjs";

const ENTRY = fileURLToPath(new URL("facilitated.js", import.meta.url));
const HASH = `0x${"ab".repeat(32)}`;
const KINDS = { kinds: [{ x402Version: 2, scheme: "exact", network: "eip155:84532" }] };
const SUCCESS = { success: true, transaction: HASH, network: "eip155:84532" };
const PENDING = { ...SUCCESS, success: false, errorReason: "settlement_pending" };
const NO_TRANSACTION = { ...SUCCESS, transaction: "" };

const json = (document, status = 200) => ({ status, body: JSON.stringify(document) });
const html = (status) => ({ status, body: "<html><body>Bad gateway</body></html>" });

const closers = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A facilitator whose `/settle` answers from a list, its last answer for ever. `null` says nothing at all. */
async function facilitatorWith(settle, { supported = json(KINDS), verify = json({ isValid: true }) } = {}) {
  const asked = { supported: [], verify: [], settle: [], elsewhere: [] };
  const answers = [...settle];
  const server = createServer(async (request, response) => {
    const door = request.url.slice(1);
    let body = "";
    for await (const chunk of request) body += chunk;
    (asked[door] ?? asked.elsewhere).push({ body, authorization: request.headers.authorization });
    const settled = () => (answers.length > 1 ? answers.shift() : answers[0]);
    const answer = door === "settle" ? settled() : { supported, verify }[door];
    if (answer) response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers }).end(answer.body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => (server.closeAllConnections(), server.close()));
  return { url: `http://127.0.0.1:${server.address().port}`, asked };
}

async function open(facilitator, bindings = {}) {
  const world = await openWorld({ entry: ENTRY, bindings: { FACILITATOR_URL: facilitator.url, ...bindings } });
  closers.push(world.close);
  return world;
}

/** The record as soon as `is` says so. */
async function recordWhere(world, jti, is) {
  const end = Date.now() + 120_000;
  for (;;) {
    const record = await world.record(jti);
    if (record && is(record)) return record;
    assert.ok(Date.now() < end, JSON.stringify(record));
    await pause(50);
  }
}

async function bought(world) {
  const response = await world.payOn("/films/moon", await world.pay("/films/moon"));
  assert.equal(response.status, 200, await response.clone().text());
  return ticketOf(response).id;
}

const DARK = {
  "hangs": null,
  "answers a 503 with a body of success": json(SUCCESS, 503),
  "answers HTML": html(200),
  "answers HTML and 502": html(502),
  "breaks off its JSON": { status: 200, body: JSON.stringify(SUCCESS).slice(0, 60) },
  "reports success without a transaction": json(NO_TRANSACTION),
  "reports success on another network": json({ ...SUCCESS, network: "eip155:8453" }),
  "reports success of another payer": json({ ...SUCCESS, payer: "0x0000000000000000000000000000000000000001" }),
  "redirects": { status: 308, body: "", headers: { location: "/elsewhere" } },
};
for (const [what, answer] of Object.entries(DARK)) {
  test(`s46 s51 a facilitator that ${what}: unknown, asked again with the same bytes, settled when it says so`, async () => {
    const facilitator = await facilitatorWith([answer, answer, json(SUCCESS)]);
    const world = await open(facilitator);
    const jti = await bought(world);
    const record = await recordWhere(world, jti, ({ state }) => state !== "granted" && state !== "settling");
    assert.equal(record.state, "unknown");
    assert.equal(record.transaction, undefined);
    const settled = await recordWhere(world, jti, ({ state }) => state === "settled");
    assert.deepEqual([settled.transaction, settled.evidence], [HASH, "reported"]);
    const [first, ...others] = facilitator.asked.settle;
    assert.equal(others.length, 2);
    for (const { body, authorization } of others) assert.deepEqual({ body, authorization }, first);
    assert.equal(first.authorization, "Bearer of-settle-of-settle");
    assert.deepEqual(facilitator.asked.elsewhere, []);
  });
}

test("s46 pending, pending, then success: its hash is known all the while", async () => {
  const facilitator = await facilitatorWith([json(PENDING), json(PENDING, 202), json(SUCCESS)]);
  const world = await open(facilitator);
  const jti = await bought(world);
  const pending = await recordWhere(world, jti, ({ transaction }) => transaction);
  assert.deepEqual([pending.state, pending.transaction], ["settling", HASH]);
  await recordWhere(world, jti, ({ state }) => state === "settled");
  assert.equal(new Set(facilitator.asked.settle.map(({ body }) => body)).size, 1);
});

test("s47 a refusal is written down with its reason, and closes nothing", async () => {
  const refusal = { success: false, errorReason: "insufficient_funds", transaction: "", network: "eip155:84532" };
  const facilitator = await facilitatorWith([json(refusal, 400), json(refusal), json(SUCCESS)]);
  const world = await open(facilitator);
  const jti = await bought(world);
  const refused = await recordWhere(world, jti, ({ refusal }) => refusal);
  assert.deepEqual([refused.state, refused.refusal], ["settling", "insufficient_funds"]);
  await recordWhere(world, jti, ({ state }) => state === "settled");
});

test("s48 a facilitator that lies about a transfer is not believed where there is a chain to ask", async () => {
  const facilitator = await facilitatorWith([json(SUCCESS)]);
  const world = await open(facilitator, { WATCH: "yes" });
  const jti = await bought(world);
  await recordWhere(world, jti, () => facilitator.asked.settle.length > 1);
  const record = await world.record(jti);
  assert.ok(["settling", "unknown"].includes(record.state), record.state);
  assert.deepEqual(await world.transfers(), []);
});

test("s12 it is asked with the payment as it came, and with what we want for it", async () => {
  const facilitator = await facilitatorWith([json(SUCCESS)]);
  const world = await open(facilitator, { VERIFY: "yes" });
  const payment = { ...(await world.pay("/films/moon")), extensions: { strange: { info: ["é", 1] } } };
  payment.accepted = { ...payment.accepted, extra: { ...payment.accepted.extra, kept: [true] } };
  const response = await world.payOn("/films/moon", payment);
  assert.equal(response.status, 200);
  await recordWhere(world, ticketOf(response).id, ({ state }) => state === "settled");
  const { supported, verify, settle } = facilitator.asked;
  const { accepted: own } = await world.pay("/films/moon");
  assert.deepEqual(JSON.parse(settle[0].body), { x402Version: 2, paymentPayload: payment, paymentRequirements: own });
  assert.equal(verify[0].body, settle[0].body);
  assert.deepEqual([supported, verify, settle].map((asked) => asked.length), [1, 1, 1]);
  assert.equal(supported[0].authorization, "Bearer of-supported-of-supported");
  assert.equal(verify[0].authorization, "Bearer of-verify-of-verify");
});

test("s21 kinds that cannot be loaded: an error, never content; and nothing is asked before a payment comes", async () => {
  const broken = { "say nothing": null, "are HTML": html(200), "are none": json({ kinds: [] }), "redirect": DARK.redirects };
  for (const [what, supported] of Object.entries(broken)) {
    const facilitator = await facilitatorWith([json(SUCCESS)], { supported });
    const world = await open(facilitator);
    assert.equal((await world.fetch("/films/moon")).status, 402);
    assert.equal(facilitator.asked.supported.length, 0, what);
    const payment = await world.pay("/films/moon");
    for (const response of [await world.payOn("/films/moon", payment), await world.buy("matinee", payment)]) {
      assert.equal(response.status, 502, what);
      assert.match((await response.json()).code, /^facilitator_un(reachable|supported)$/);
    }
    assert.equal(facilitator.asked.settle.length, 0);
    assert.deepEqual(facilitator.asked.elsewhere, []);
  }
});

test("s51 only a clear yes of the verifier lets anybody in, and what it refuses may come again", async () => {
  const no = json({ isValid: false, invalidReason: "insufficient_funds" });
  for (const [verify, status, code] of [
    [no, 402, "insufficient_funds"],
    [{ ...no, status: 400 }, 402, "insufficient_funds"],
    [json({ isValid: true }, 500), 502, "facilitator_unreachable"],
    [html(200), 502, "facilitator_unreachable"],
    [null, 502, "facilitator_unreachable"],
  ]) {
    const facilitator = await facilitatorWith([json(SUCCESS)], { verify });
    const world = await open(facilitator, { VERIFY: "yes" });
    const response = await world.payOn("/films/moon", await world.pay("/films/moon"));
    assert.deepEqual([response.status, (await response.json()).code], [status, code]);
    assert.equal(facilitator.asked.settle.length, 0);
  }
});

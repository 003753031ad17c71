// The corpus of hostile payments and tickets, over HTTP. Its times are past, so here nothing of it is good any more:
// what counts is that each case is answered, with a refusal, by a gate that then goes on. Which case is refused for
// what is judged natively.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { raw } from "./raw.mjs";
import { openWorld } from "./world.mjs";

const folder = process.env.X402_VECTORS && join(process.env.X402_VECTORS, "hostile");
const isThere = Boolean(folder) && existsSync(join(folder, "payments.json"));
if (!isThere && process.env.CI === "true") throw new Error("X402_VECTORS must name the folder of the vectors here.");

const corpus = async (name) => JSON.parse(await readFile(join(folder, name), "utf8"));
// What ends a header's line cannot come in as one.
const canTravel = (text) => typeof text === "string" && !/[\r\n\0]/.test(text);

let world, payments;
before(async () => {
  if (!isThere) return;
  payments = await corpus("payments.json");
  world = await openWorld({ bindings: { PAY_TO: payments.requirements.payTo } });
});
after(() => world?.close());

const skip = isThere ? false : "X402_VECTORS names no hostile corpus";

function assertRefused({ status, body }, id) {
  assert.ok(status >= 400 && status < 500, `${id}: ${status}`);
  // Above its own limits workerd answers by itself.
  if (status === 431) return undefined;
  const answer = JSON.parse(body);
  assert.ok(answer.code && answer.message, `${id}: ${body}`);
  return answer.code;
}

const ask = (head, body = "") => raw(world.gate, head, body, { patience: 5_000, mayCut: head.join().length + body.length > 50_000 });
const onFilm = (head) => ask(["GET /shorts/1 HTTP/1.1", head]);
const atOffice = (body) => ask(["POST /token?scope=short HTTP/1.1", `Content-Length: ${body.length}`], body);

test("no hostile payment is served or sold, or breaks anything", { skip }, async () => {
  const [valid, ...hostile] = payments.cases.filter(({ header }) => canTravel(header));
  assert.ok(hostile.length > 40, `${hostile.length} cases`);
  // Past its time, but understood to that point: the gate asks for what the corpus pays.
  const code = assertRefused(await onFilm(`Payment-Signature: ${valid.header}`), valid.id);
  assert.equal(code, "invalid_exact_evm_payload_authorization_valid_before");
  for (const { id, header } of hostile) {
    assertRefused(await onFilm(`Payment-Signature: ${header}`), id);
    assertRefused(await atOffice(Buffer.from(header, "base64")), id);
  }
  assert.equal(await world.served(), 0);
});

test("no hostile ticket opens anything, or breaks anything", { skip }, async () => {
  const { cases } = await corpus("tokens.json");
  const hostile = cases.filter(({ token }) => canTravel(token));
  assert.ok(hostile.length > 10, `${hostile.length} cases`);
  for (const { id, token } of hostile) assertRefused(await onFilm(`Authorization: Bearer ${token}`), id);
  assert.equal(await world.served(), 0);
});

test("the gate sells on after all that", { skip }, async () => {
  assert.equal((await world.payOn("/shorts/1", await world.pay("/shorts/1"))).status, 200);
});

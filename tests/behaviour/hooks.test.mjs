// The operator's hooks hear what happened, all of it and once, and nothing that they do reaches a visitor.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import test, { after, afterEach, before, beforeEach } from "node:test";
import { fileURLToPath } from "node:url";
import { setTimeout as pause } from "node:timers/promises";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { openWorld, SECRET, ticketOf } from "./world.mjs";

// Port 9 on this machine: nobody listens there.
const NOBODY = "http://127.0.0.1:9";
const WORKER = fileURLToPath(new URL("hooks.js", import.meta.url));

let world, witness, told;

before(async () => {
  witness = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    told.push(JSON.parse(text));
    response.end();
  }).listen(0, "127.0.0.1");
  await once(witness, "listening");
  world = await openWorld({ entry: WORKER, bindings: { WITNESS: `http://127.0.0.1:${witness.address().port}` } });
});
after(async () => {
  await world?.close();
  witness?.close();
  witness?.closeAllConnections();
});
beforeEach(() => (told = []));
// Nothing of one test is told in the next.
afterEach(() => pause(300));

const hooks = () => told.map(({ hook }) => hook);
const of = (hook) => told.filter((one) => one.hook === hook).map(({ event }) => event);

async function hears(hook, within = 120_000) {
  for (const end = Date.now() + within; of(hook).length === 0; await pause(50)) {
    if (Date.now() > end) throw new Error(`not told of ${hook}, but of ${JSON.stringify(told)}`);
  }
  return of(hook)[0];
}

test("a stranger, a visitor who pays, his ticket, his check: each tells its hook", async () => {
  const payment = await world.pay("/films/moon");
  await hears("onChallenge");
  const ticket = ticketOf(await world.payOn("/films/moon", payment));
  await world.withTicket("/films/other", ticket.token);
  const settled = await hears("onSettled");
  assert.deepEqual(hooks(), ["onChallenge", "onVerified", "onTicket", "onAdmitted", "onSettled"]);

  const place = { route: "GET /films/:id", scope: "matinee" };
  const money = { network: "eip155:84532", asset: world.chain.usdc, amount: "10000" };
  const paid = { ...place, ...money, payer: world.payer.address, jti: ticket.id };
  assert.deepEqual(of("onChallenge"), [{ ...place, code: "payment_required" }]);
  for (const hook of ["onVerified", "onTicket", "onAdmitted"]) assert.deepEqual(of(hook), [paid], hook);
  const [transfer] = await world.transfers();
  const { grantedAt, settledAt, ...check } = settled;
  assert.ok(grantedAt <= settledAt);
  const closed = { state: "settled", transaction: transfer.transactionHash, evidence: "transferred", finding: "settled" };
  const { route, ...bought } = paid;
  assert.deepEqual(check, { ...bought, payTo: world.chain.payee.address, ...closed });
});

test("a payment that comes again, is refused, or meets a handler that fails", async () => {
  const payment = await world.pay("/films/moon");
  const other = await world.pay("/films/moon", { value: "1" });
  const third = await world.pay("/films/moon");
  await pause(300);
  told.length = 0;
  await world.buy("matinee", payment);
  await world.buy("matinee", payment);
  assert.equal((await world.buy("matinee", other)).status, 402);
  assert.equal((await world.payOn("/films/moon", third, { headers: { "x-fate": "503" } })).status, 503);
  await hears("onReleased");
  const before = hooks().filter((hook) => hook !== "onSettled");
  assert.deepEqual(before, ["onVerified", "onTicket", "onVerified", "onTicket", "onRefused", "onVerified", "onReleased"]);
  assert.deepEqual(of("onTicket").map(({ again }) => again), [undefined, true]);
  assert.deepEqual(of("onRefused"), [{ scope: "matinee", code: "invalid_exact_evm_payload_authorization_value_mismatch" }]);
  await hears("onSettled");
});

test("a hook that throws or never ends changes no answer and delays none", async () => {
  for (const path of ["/throwing", "/hanging"]) {
    const begin = performance.now();
    const answer = await world.payOn(path, await world.pay(path));
    assert.deepEqual([answer.status, await answer.text()], [200, "the film"], path);
    assert.equal((await world.withTicket(path, ticketOf(answer).token)).status, 200);
    assert.equal((await world.fetch(path)).status, 402);
    assert.ok(performance.now() - begin < 5_000, path);
    // The check is cashed too, although the hook that is told of it fails.
    for (const end = Date.now() + 120_000; (await world.transfers()).length === 0; await pause(100)) assert.ok(Date.now() < end);
  }
});

test("s28 no hook is told a signature, a ticket or a key", async () => {
  const payment = await world.pay("/films/moon");
  const { access_token: ticket } = await (await world.buy("matinee", payment)).json();
  await world.withTicket("/films/moon", ticket);
  await world.withTicket("/films/moon", `${ticket}x`);
  await hears("onSettled");
  const all = JSON.stringify(told).toLowerCase();
  const { signature, authorization } = payment.payload;
  for (const secret of [ticket.slice(-40), signature.slice(2, 60), signature.slice(70), authorization.nonce.slice(2), SECRET]) {
    assert.ok(!all.includes(secret.toLowerCase()), secret);
  }
  assert.ok(all.includes("ticket_forged"), all);
});

test("s53 a check that is cashed after a restart is told once", async () => {
  await world.gate.restart({ RPC_URL: NOBODY });
  const { jti } = await (await world.buy("matinee", await world.pay("/films/moon"))).json();
  await world.gate.kill();
  told.length = 0;
  await world.gate.restart({ RPC_URL: world.chain.rpcUrl });
  assert.equal((await hears("onSettled")).jti, jti);
  await world.gate.kill();
  await world.gate.restart();
  await pause(3_000);
  assert.deepEqual(hooks(), ["onSettled"]);
});

// Last: it moves the chain's clock.
test("s47 a check that bounces tells so, and why", async () => {
  world.payer = privateKeyToAccount(generatePrivateKey());
  const { jti } = await (await world.buy("matinee", await world.pay("/films/moon"))).json();
  await world.chain.rpc("evm_increaseTime", 900);
  await world.chain.rpc("evm_mine");
  const { state, evidence, jti: failed } = await hears("onSettleFailed");
  assert.deepEqual([state, evidence, failed], ["failed", "expired", jti]);
  assert.ok(!hooks().includes("onSettled"));
});

// Checks are cashed behind the buyer's back: nobody waits for the chain, and no check is forgotten.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import test, { afterEach, beforeEach } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { openWorld } from "./world.mjs";

// Port 9 on this machine: nobody listens there.
const NOBODY = "http://127.0.0.1:9";

let closers;
beforeEach(() => (closers = []));
afterEach(async () => {
  for (const close of closers.reverse()) await close();
});

async function open(bindings) {
  const world = await openWorld({ bindings });
  closers.push(world.close);
  return world;
}

async function buyOne(world) {
  const begin = performance.now();
  const response = await world.buy("matinee", await world.pay("/films/moon"));
  const sold = await response.json();
  assert.equal(response.status, 200, JSON.stringify(sold));
  return { ...sold, took: performance.now() - begin };
}

/** Takes every connection, and says nothing. */
async function silentServer() {
  const sockets = new Set();
  const server = createServer((socket) => sockets.add(socket.on("error", () => {}))).listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
  });
  return { url: `http://127.0.0.1:${server.address().port}`, asked: () => sockets.size };
}

test("s48 a payment is settled within seconds, by a transfer of its own on the chain", async () => {
  const world = await open();
  const { jti } = await buyOne(world);
  const record = await world.settled(jti);
  const [transfer, ...others] = await world.transfers();
  assert.deepEqual(others, []);
  assert.equal(record.transaction, transfer.transactionHash);
  assert.equal(BigInt(transfer.data), 10_000n);
  assert.equal(await world.chain.balanceOf(world.chain.payee.address), 10_000n);
  assert.ok(record.settledAt >= record.grantedAt);
  assert.ok(!JSON.stringify(record).includes("signature"));
});

test("the answer does not wait for a chain that says nothing", async () => {
  const world = await open();
  await buyOne(world);
  const silent = await silentServer();
  await world.gate.restart({ RPC_URL: silent.url });
  await buyOne(world);
  while (silent.asked() === 0) await pause(20);
  // While the cashier waits for the chain, with ten seconds of patience: far longer than any of these takes.
  for (let visitor = 0; visitor < 3; visitor += 1) {
    const { took, access_token } = await buyOne(world);
    assert.ok(took < 8_000, `${took} ms`);
    assert.equal((await world.withTicket("/films/moon", access_token)).status, 200);
    assert.equal((await world.payOn("/films/moon", await world.pay("/films/moon"))).status, 200);
  }
});

test("s53 a gate that is killed between serving and cashing cashes after its restart", async () => {
  const world = await open({ RPC_URL: NOBODY });
  const { jti } = await buyOne(world);
  await world.gate.kill();
  await world.gate.restart({ RPC_URL: world.chain.rpcUrl });
  // Nobody visits it meanwhile: the alarm alone wakes the ledger.
  const end = Date.now() + 120_000;
  while ((await world.transfers()).length === 0 && Date.now() < end) await pause(100);
  assert.equal((await world.transfers()).length, 1);
  assert.equal((await world.settled(jti)).state, "settled");
  assert.equal((await world.transfers()).length, 1);
});

test("s47 a chain that is away closes nothing: granted stays granted, and is settled later", async () => {
  const world = await open();
  await world.gate.restart({ RPC_URL: NOBODY });
  const { jti, access_token } = await buyOne(world);
  await pause(3_000);
  assert.equal((await world.record(jti)).state, "granted");
  assert.equal((await world.withTicket("/films/moon", access_token)).status, 200);
  await world.gate.restart({ RPC_URL: world.chain.rpcUrl });
  await world.settled(jti);
  assert.equal((await world.transfers()).length, 1);
});

test("s28 the public record of an empty account's check says why it stays on its way, and when it is looked at again", async () => {
  const world = await open();
  const funded = world.payer;
  world.payer = privateKeyToAccount(generatePrivateKey());
  const { jti } = await buyOne(world);
  const end = Date.now() + 120_000;
  let record = await world.record(jti);
  while (record.finding === undefined && Date.now() < end) record = await (await pause(50), world.record(jti));
  assert.deepEqual([record.state, record.finding], ["granted", "simulation_reverts"]);
  assert.ok(record.nextLookAt > record.grantedAt, JSON.stringify(record));
  // The money comes after all.
  await world.chain.mint(world.payer.address, 10_000);
  const settled = await world.settled(jti);
  assert.deepEqual([settled.finding, settled.nextLookAt], ["settled", undefined]);
  world.payer = funded;
});

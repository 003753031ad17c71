// Our facilitator in workerd: what it answers, that it sends once, and our own gate settling through it.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { startWorker } from "../../www/stage/workerd.mjs";
import { signPermit } from "./permits.mjs";
import { fromHeader, openWorld, ticketOf } from "./world.mjs";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const SECRET = "a secret between a gate and its facilitator";

let home;
let world;
let facilitator;

before(async () => {
  home = await mkdtemp(join(tmpdir(), "x402-facilitator-"));
  // The gate only lends its prices here: the facilitator is asked directly.
  world = await openWorld();
  const { rpcUrl, relayer } = world.chain;
  const bindings = { RPC_URL: rpcUrl, RELAYER_KEY: relayer.key, SECRET };
  facilitator = await startWorker({ entry: path("facilitator.js"), dataDir: home, name: "facilitator", bindings, silent: true });
});

after(async () => {
  await facilitator?.stop();
  await world?.close();
  await rm(home, { recursive: true, force: true });
});

const headers = { authorization: `Bearer ${SECRET}`, "content-type": "application/json" };

async function ask(door, payment, changes = {}) {
  const body = { x402Version: 2, paymentPayload: payment, paymentRequirements: payment.accepted, ...changes };
  const response = await fetch(`${facilitator.url}${door}`, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: response.status, ...(await response.json()) };
}

const payment = (changes) => world.pay("/films/moon", changes);

test("it says what it settles, and who signs", async () => {
  const response = await fetch(`${facilitator.url}/supported`, { headers });
  const { kinds, signers, extensions } = await response.json();
  assert.ok(kinds.some((kind) => kind.x402Version === 2 && kind.scheme === "exact" && kind.network === "eip155:84532"));
  assert.deepEqual(signers, { "eip155:*": [privateKeyToAccount(world.chain.relayer.key).address] });
  assert.deepEqual(extensions, []);
  assert.equal(response.headers.get("access-control-allow-origin"), null);
});

test("a server without the secret gets no answer of the API", async () => {
  for (const authorization of ["", "Bearer ", "Bearer a secret between a gate and its facilitator.", `Basic ${SECRET}`]) {
    const response = await fetch(`${facilitator.url}/supported`, { headers: { authorization } });
    assert.equal(response.status, 401);
    assert.equal((await response.json()).kinds, undefined);
  }
});

test("s38 s48 eight servers settle one payment at once: one transfer, and one of them may serve for it", async () => {
  const own = await payment();
  const before = (await world.transfers()).length;
  assert.deepEqual(await ask("/verify", own), { status: 200, isValid: true, payer: world.payer.address });
  const answers = await Promise.all(Array.from({ length: 8 }, () => ask("/settle", own)));
  const moved = (await world.transfers()).slice(before);
  assert.equal(moved.length, 1);
  const [told, ...others] = answers.sort((a, b) => b.success - a.success);
  const same = { status: 200, payer: world.payer.address, network: "eip155:84532", transaction: moved[0].transactionHash };
  assert.deepEqual(told, { ...same, success: true });
  const used = "invalid_exact_evm_nonce_already_used";
  for (const answer of [...others, await ask("/settle", own)]) assert.deepEqual(answer, { ...same, success: false, errorReason: used });
  assert.deepEqual(await ask("/verify", own), { status: 200, isValid: false, invalidReason: used, payer: world.payer.address });
});

test("what it refuses it refuses by the stock word, and nothing moves", async () => {
  const before = (await world.transfers()).length;
  const wrong = await payment({ value: "9999" });
  const value = "invalid_exact_evm_payload_authorization_value_mismatch";
  assert.deepEqual(await ask("/verify", wrong), { status: 200, isValid: false, invalidReason: value });
  const settled = await ask("/settle", wrong);
  assert.deepEqual([settled.success, settled.errorReason, settled.transaction], [false, value, ""]);
  const { status, invalidReason } = await ask("/verify", await payment(), { paymentPayload: undefined });
  assert.deepEqual([status, invalidReason], [400, "unsupported_payload_type"]);
  assert.equal((await world.transfers()).length, before);
});

test("s43 a payer without money is refused, and the same payment settles once the money is there", async () => {
  const poor = privateKeyToAccount(generatePrivateKey());
  const rich = world.payer;
  world.payer = poor;
  const own = await payment();
  world.payer = rich;
  const refused = await ask("/settle", own);
  assert.deepEqual([refused.success, refused.transaction], [false, ""]);
  assert.match(refused.errorReason, /simulation_failed|insufficient/);
  await world.chain.mint(poor.address, 10_000);
  assert.equal((await ask("/settle", own)).success, true);
});

test("s48 a permit of Permit2 is settled through the exact proxy, once the payer allows it", async () => {
  const account = privateKeyToAccount(generatePrivateKey());
  const theirs = Object.assign(Object.create(Object.getPrototypeOf(world)), world, { payer: account });
  await world.chain.mint(account.address, 10_000);
  const [offer] = fromHeader((await world.fetch("/permit2")).headers.get("payment-required")).accepts;
  const own = await signPermit(account, offer);
  const refused = await ask("/settle", own);
  assert.deepEqual([refused.success, refused.errorReason], [false, "permit2_allowance_required"]);
  await world.chain.allowPermit2(account.address, 10_000);
  assert.deepEqual(await ask("/verify", own), { status: 200, isValid: true, payer: account.address });
  const settled = await ask("/settle", own);
  const moved = await theirs.transfers();
  assert.equal(moved.length, 1);
  assert.deepEqual([settled.success, settled.transaction], [true, moved[0].transactionHash]);
});

test("s46 while no block is made it is pending with its hash, and settled by that very transaction", async () => {
  const own = await payment();
  await world.chain.rpc("evm_setAutomine", false);
  try {
    const pending = await ask("/settle", own);
    assert.deepEqual([pending.success, pending.errorReason], [false, "settlement_pending"]);
    assert.match(pending.transaction, /^0x[0-9a-f]{64}$/);
    await world.chain.rpc("anvil_mine", "0x1");
    const settled = await ask("/settle", own);
    assert.deepEqual([settled.success, settled.transaction], [true, pending.transaction]);
  } finally {
    await world.chain.rpc("evm_setAutomine", true);
  }
});

for (const watch of ["", "yes"]) {
  test(`s51 our gate settles through it ${watch ? "and sees the event itself" : "and takes its word as such"}`, async () => {
    const bindings = { FACILITATOR_URL: `${facilitator.url}//`, SECRET, WATCH: watch, VERIFY: "yes", PATIENT: "yes" };
    const chain = { RPC_URL: world.chain.rpcUrl, PAY_TO: world.chain.payee.address, TICKET_SECRET: "0123456789abcdef0123456789abcdef" };
    const name = `gate${watch}`;
    const gate = await startWorker({ entry: path("facilitated.js"), dataDir: home, name, bindings: { ...bindings, ...chain }, silent: true });
    try {
      const before = (await world.transfers()).length;
      const theirs = Object.assign(Object.create(Object.getPrototypeOf(world)), world, { gate });
      const response = await theirs.payOn("/films/moon", await payment());
      assert.equal(response.status, 200);
      const record = await theirs.settled(ticketOf(response).id);
      const moved = (await world.transfers()).slice(before);
      assert.equal(moved.length, 1);
      assert.equal(record.transaction, moved[0].transactionHash);
      assert.equal(record.evidence, watch ? "transferred" : "reported");
    } finally {
      await gate.stop();
    }
  });
}

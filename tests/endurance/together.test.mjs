// Many checks in one transaction on a real chain, and several nodes of which the first fails.
import assert from "node:assert/strict";
import test, { afterEach } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { encodeFunctionData, parseAbi, parseSignature } from "viem";
import { cashed, openHouse } from "./house.mjs";
import { dishonest, ways } from "./nodes.mjs";

// Port 9 on this machine: nobody listens there.
const NOBODY = "http://127.0.0.1:9";
const USDC = parseAbi([
  "function cancelAuthorization(address,bytes32,uint8,bytes32,bytes32)",
  "function authorizationState(address,bytes32) view returns (bool)",
]);
const MULTICALL3 = "0xca11bde05977b3631167028862be2a173976ca11";

let world;
afterEach(() => world?.close());

async function until(what, isSo) {
  let seen;
  for (const end = Date.now() + 180_000; Date.now() < end; await pause(50)) if ((seen = await isSo()) === true) return;
  assert.fail(`never: ${what}: ${JSON.stringify(seen)}`);
}

async function buy(payment) {
  const sold = await (await world.buy("film", payment)).json();
  assert.ok(sold.jti, JSON.stringify(sold));
  return sold.jti;
}

/** So many checks, served while the gate reaches no node; `lights()` shows it the chain. */
async function served(count, house = {}) {
  world = await openHouse({ bindings: { RPC_URL: NOBODY }, ...house });
  const payments = await Promise.all(Array.from({ length: count }, () => world.pay("/films/moon")));
  return { payments, jtis: await Promise.all(payments.map(buy)) };
}

const lights = () => world.gate.restart({ RPC_URL: world.chain.rpcUrl });
const rpc = (...call) => world.chain.rpc(...call);

/** Until all of these records are as they should be. */
const become = (jtis, expected) =>
  until(JSON.stringify(expected), async () => {
    const records = await Promise.all(jtis.map((jti) => world.record(jti)));
    const isSo = (record) => Object.entries(expected).every(([name, value]) => record?.[name] === value);
    return records.every(isSo) || records.find((record) => !isSo(record));
  });

const pendingCount = (count) => until(`${count} wait`, async () => Number((await rpc("txpool_status")).pending) === count);

/** Each of these was cashed once, by the chain's own account, and by so many transactions of the relayer. */
async function cashedOnce(payments, transactions) {
  const { perNonce, all } = await cashed(world);
  assert.equal(all, payments.length);
  assert.equal(await world.chain.balanceOf(world.chain.payee.address), BigInt(payments.length) * 10_000n);
  assert.ok(payments.every(({ payload }) => perNonce.has(payload.authorization.nonce)));
  assert.equal(Number(await rpc("eth_getTransactionCount", world.chain.relayer.address, "latest")), transactions);
}

async function cancel({ accepted: { extra, asset }, payload: { authorization } }) {
  const { from: authorizer, nonce } = authorization;
  const signature = await world.payer.signTypedData({
    domain: { name: extra.name, version: extra.version, chainId: 84532, verifyingContract: asset },
    types: { CancelAuthorization: [{ name: "authorizer", type: "address" }, { name: "nonce", type: "bytes32" }] },
    primaryType: "CancelAuthorization",
    message: { authorizer, nonce },
  });
  const { v, r, s } = parseSignature(signature);
  const data = encodeFunctionData({ abi: USDC, functionName: "cancelAuthorization", args: [authorizer, nonce, Number(v), r, s] });
  return world.chain.sendAs({ from: world.chain.faucet.address, to: asset, data });
}

async function isUsed({ accepted: { asset }, payload: { authorization } }) {
  const args = [authorization.from, authorization.nonce];
  const data = encodeFunctionData({ abi: USDC, functionName: "authorizationState", args });
  return BigInt(await rpc("eth_call", { to: asset, data }, "latest")) === 1n;
}

test("s52 what is due at the same time goes in one transaction, and one bad check stops nobody", async () => {
  const { payments, jtis } = await served(12);
  await cancel(payments[5]);
  const [bad] = jtis.splice(5, 1);
  payments.splice(5, 1);
  await lights();
  await become(jtis, { state: "settled", evidence: "transferred" });
  await become([bad], { state: "failed", evidence: "cancelled" });
  await cashedOnce(payments, 1);
  const { transaction } = await world.record(jtis[0]);
  assert.equal((await rpc("eth_getTransactionByHash", transaction)).to, MULTICALL3);
});

test("s53 a power cut while a transaction of many waits for its block: each is cashed once", async () => {
  const { payments, jtis } = await served(12);
  await rpc("evm_setAutomine", false);
  await lights();
  await pendingCount(1);
  await world.gate.kill();
  await rpc("anvil_dropAllTransactions");
  await world.gate.restart({ RPC_URL: world.chain.rpcUrl });
  // Out of the records alone.
  await pendingCount(1);
  await rpc("evm_mine");
  await become(jtis, { state: "settled", evidence: "transferred" });
  await cashedOnce(payments, 1);
});

test("s47 a reorganisation takes a transaction of many back: it is sent again, and settles once it is deep", async () => {
  const { payments, jtis } = await served(12, { options: { confirmations: 3 } });
  const before = await rpc("evm_snapshot");
  await lights();
  await become(jtis, { state: "settling", finding: "too_few_confirmations" });
  assert.equal(await rpc("evm_revert", before), true);
  assert.equal(await isUsed(payments[0]), false, "the chain has forgotten it");
  await until("it is in a block again", () => isUsed(payments[0]));
  await rpc("anvil_mine", "0x2");
  await become(jtis, { state: "settled", evidence: "transferred" });
  await cashedOnce(payments, 1);
});

test("s47 a base fee that rises over a transaction of many: it is replaced at its place for more", async () => {
  const { payments, jtis } = await served(12);
  await rpc("evm_setAutomine", false);
  await lights();
  await pendingCount(1);
  const { transaction: first } = await world.record(jtis[0]);
  await rpc("anvil_setNextBlockBaseFeePerGas", "0xba43b7400");
  await rpc("evm_mine");
  await rpc("evm_increaseTime", 60);
  await rpc("evm_mine");
  await until("another one", async () => (await world.record(jtis[0])).transaction !== first);
  await until("all of them know", async () => {
    const hashes = await Promise.all(jtis.map(async (jti) => (await world.record(jti)).transaction));
    return new Set(hashes).size === 1 && (await rpc("eth_getTransactionByHash", hashes[0])) !== null;
  });
  await rpc("evm_mine");
  await become(jtis, { state: "settled", evidence: "transferred" });
  await cashedOnce(payments, 1);
});

test("s52 checks wait for others as long as the operator says, and go once they are enough", async () => {
  world = await openHouse({ options: { batch: { count: 3, age: 3_600 } } });
  const payments = await Promise.all(Array.from({ length: 3 }, () => world.pay("/films/moon")));
  const jtis = [await buy(payments[0]), await buy(payments[1])];
  await become(jtis, { state: "granted", finding: "waits_for_others" });
  jtis.push(await buy(payments[2]));
  await become(jtis, { state: "settled", evidence: "transferred" });
  await cashedOnce(payments, 1);
});

for (const way of ways) {
  test(`s51 of two nodes the first is ${way}: the check is cashed by the other, once`, async (t) => {
    const { payments, jtis } = await served(1);
    const first = await dishonest(way, world.chain.rpcUrl);
    t.after(first.close);
    await world.gate.restart({ RELAYER: JSON.stringify({ rpc: [first.url, world.chain.rpcUrl] }) });
    await become(jtis, { state: "settled", evidence: "transferred" });
    await cashedOnce(payments, 1);
  });
}

test("s51 of two nodes the first is away: the check is cashed by the other, once", async () => {
  const { payments, jtis } = await served(1);
  await world.gate.restart({ RELAYER: JSON.stringify({ rpc: [NOBODY, world.chain.rpcUrl] }) });
  await become(jtis, { state: "settled", evidence: "transferred" });
  await cashedOnce(payments, 1);
});

// What can befall a check between the moment it was served and the moment it is cashed, on a real chain that is made to
// misbehave. Every case says where the record ends, by what evidence, and what the chain itself has to say.
//
// Elsewhere already: an account that is empty when it buys, refused (behaviour/chain) or served on credit
// (behaviour/settlement, hooks and policies); a node that is away, lies or hangs (behaviour/chain, settlement); checks of
// Permit2, withdrawn and cashed by others (behaviour/permit2); a nonce that was used before it was presented
// (behaviour/chain).
import assert from "node:assert/strict";
import test, { afterEach } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { encodeFunctionData, parseAbi, parseSignature } from "viem";
import { differences, cashed, openHouse, report } from "./house.mjs";

// Port 9 on this machine: nobody listens there.
const NOBODY = "http://127.0.0.1:9";
const USDC = parseAbi([
  "function transfer(address,uint256)",
  "function transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)",
  "function cancelAuthorization(address,bytes32,uint8,bytes32,bytes32)",
  "function authorizationState(address,bytes32) view returns (bool)",
]);
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const GWEI = 1_000_000_000;
const hex = (number) => `0x${number.toString(16)}`;

let world;
afterEach(() => world?.close());

async function open(options) {
  world = await openHouse(options);
  return world.pay("/films/moon");
}

async function buy(payment) {
  const response = await world.buy("film", payment);
  const sold = await response.json();
  assert.equal(response.status, 200, JSON.stringify(sold));
  return sold.jti;
}

/** Served while its gate reaches no node; then comes what comes, and then the node is there. */
async function servedInTheDark(payment) {
  await world.gate.restart({ RPC_URL: NOBODY });
  return buy(payment);
}

const lights = () => world.gate.restart({ RPC_URL: world.chain.rpcUrl });

/** The record once it is as it should be: something that stays so, because nobody can say when this looks. */
async function becomes(jti, expected, within = 120_000) {
  const isSo = (record) => Object.entries(expected).every(([name, value]) => record?.[name] === value);
  let record = await world.record(jti);
  for (const end = Date.now() + within; !isSo(record) && Date.now() < end; record = await world.record(jti)) await pause(50);
  assert.ok(isSo(record), `not ${JSON.stringify(expected)} within ${within} ms: ${JSON.stringify(record)}`);
  return record;
}

/** So many transfers from the payer to us, by the chain's own account, and each by a nonce of its own. */
async function moved(count, payment) {
  const transfers = await world.transfers();
  assert.equal(transfers.length, count);
  assert.equal(await world.chain.balanceOf(world.chain.payee.address), BigInt(count) * 10_000n);
  const { perNonce } = await cashed(world);
  assert.equal(perNonce.get(payment.payload.authorization.nonce) ?? 0, count);
  return transfers[0]?.transactionHash;
}

const calls = (functionName, args) => ({ to: world.chain.usdc, data: encodeFunctionData({ abi: USDC, functionName, args }) });

/** What anybody can send who holds an authorization. */
function asCall({ authorization, signature }) {
  const { from, to, value, validAfter, validBefore, nonce } = authorization;
  const { v, r, s } = parseSignature(signature);
  return calls("transferWithAuthorization", [from, to, value, validAfter, validBefore, nonce, Number(v), r, s]);
}

const bySomebody = (call) => world.chain.sendAs({ from: world.chain.faucet.address, ...call });

async function isNonceUsed({ payload: { authorization } }) {
  const answer = await world.chain.rpc("eth_call", calls("authorizationState", [authorization.from, authorization.nonce]), "latest");
  return BigInt(answer) === 1n;
}

const sentByRelayer = async () => Number(await world.chain.rpc("eth_getTransactionCount", world.chain.relayer.address, "latest"));

async function passTime(seconds) {
  await world.chain.rpc("evm_increaseTime", seconds);
  await world.chain.rpc("evm_mine");
}

async function setBaseFee(wei) {
  await world.chain.rpc("anvil_setNextBlockBaseFeePerGas", hex(wei));
  await world.chain.rpc("evm_mine");
}

test("s03 a signature turned over to its high s is refused before anything is written, and the low one buys", async () => {
  const payment = await open();
  const { r, s, yParity } = parseSignature(payment.payload.signature);
  const turned = `${r}${(ORDER - BigInt(s)).toString(16).padStart(64, "0")}${yParity === 0 ? "1c" : "1b"}`;
  const high = { ...payment, payload: { ...payment.payload, signature: turned } };
  for (const refused of [await world.buy("film", high), await world.payOn("/films/moon", high)]) {
    assert.deepEqual([refused.status, (await refused.json()).code], [402, "invalid_exact_evm_signature"]);
  }
  assert.equal((await report(world)).outstanding.count, 0);
  assert.equal(await sentByRelayer(), 0);
  await becomes(await buy(payment), { state: "settled", evidence: "transferred" });
  await moved(1, payment);
});

test("s47 a payer who cancels the authorization after being served: failed, by the chain's own event", async () => {
  const payment = await open();
  const { from, nonce } = payment.payload.authorization;
  const jti = await servedInTheDark(payment);
  const { extra, asset } = payment.accepted;
  const signature = await world.payer.signTypedData({
    domain: { name: extra.name, version: extra.version, chainId: 84532, verifyingContract: asset },
    types: { CancelAuthorization: [{ name: "authorizer", type: "address" }, { name: "nonce", type: "bytes32" }] },
    primaryType: "CancelAuthorization",
    message: { authorizer: from, nonce },
  });
  const { v, r, s } = parseSignature(signature);
  await bySomebody(calls("cancelAuthorization", [from, nonce, Number(v), r, s]));
  await lights();
  await becomes(jti, { state: "failed", evidence: "cancelled" });
  assert.ok((await world.buy("film", payment)).status >= 400, "a bounced check buys nothing again");
  await moved(0, payment);
  assert.equal(await sentByRelayer(), 0, "no gas for what would revert");
});

test("s46 s47 a payer who drains the account after being served: open while the window is, then failed", async () => {
  const payment = await open();
  await world.askingChain({}, { RPC_URL: NOBODY });
  const jti = await buy(payment);
  await world.chain.sendAs({ from: world.payer.address, ...calls("transfer", [world.chain.faucet.address, 10_000_000n]) });
  await lights();
  await becomes(jti, { state: "granted", finding: "simulation_reverts" });
  await passTime(4_000);
  await becomes(jti, { state: "failed", evidence: "expired" });
  await moved(0, payment);
  assert.deepEqual([await isNonceUsed(payment), await sentByRelayer()], [false, 0]);
});

test("s47 an authorization that expired between serving and cashing: failed, and nothing is sent", async () => {
  const payment = await open();
  const jti = await servedInTheDark(payment);
  await passTime(4_000);
  await lights();
  await becomes(jti, { state: "failed", evidence: "expired" });
  await moved(0, payment);
  assert.deepEqual([await isNonceUsed(payment), await sentByRelayer()], [false, 0]);
});

test("s49 a payer who spends the nonce elsewhere after being served: failed, as diverted", async () => {
  const payment = await open();
  const { nonce } = payment.payload.authorization;
  const jti = await servedInTheDark(payment);
  await bySomebody(asCall((await world.pay("/films/moon", { to: world.chain.faucet.address, nonce })).payload));
  await lights();
  await becomes(jti, { state: "failed", evidence: "diverted" });
  assert.deepEqual([(await world.transfers()).length, await isNonceUsed(payment), await sentByRelayer()], [0, true, 0]);
});

test("s49 a stranger who broadcasts our very authorization: settled by that transaction, and no gas of ours", async () => {
  const payment = await open();
  const jti = await servedInTheDark(payment);
  const theirs = await bySomebody(asCall(payment.payload));
  await lights();
  const { transaction } = await becomes(jti, { state: "settled" });
  assert.deepEqual([transaction, await moved(1, payment), await sentByRelayer()], [theirs, theirs, 0]);
});

test("s49 a stranger who overtakes our transaction in the same block: ours reverts, theirs settles", async () => {
  const payment = await open();
  await world.chain.rpc("evm_setAutomine", false);
  const jti = await buy(payment);
  const { transaction: ours } = await becomes(jti, { state: "settling" });
  const tip = { maxPriorityFeePerGas: hex(20 * GWEI), maxFeePerGas: hex(60 * GWEI), gas: hex(200_000) };
  const theirs = await world.chain.rpc("eth_sendTransaction", { from: world.chain.faucet.address, ...tip, ...asCall(payment.payload) });
  await pendingCount(2);
  await world.chain.rpc("evm_mine");
  await becomes(jti, { state: "settled", transaction: theirs });
  assert.equal(await moved(1, payment), theirs);
  assert.equal((await world.chain.rpc("eth_getTransactionReceipt", ours)).status, "0x0");
});

async function until(what, isSo) {
  for (const end = Date.now() + 120_000; Date.now() < end; await pause(50)) if (await isSo()) return;
  assert.fail(`never: ${what}`);
}

const pendingCount = (count) =>
  until(`${count} transactions wait for a block`, async () => Number((await world.chain.rpc("txpool_status")).pending) >= count);

test("s51 a fee above maxFeePerGas: nothing is sent until it is back, and then within the limit", async () => {
  const payment = await open({ options: { maxFeePerGas: String(5 * GWEI) } });
  await setBaseFee(50 * GWEI);
  const jti = await buy(payment);
  await becomes(jti, { state: "granted", finding: "base_fee_above_limit" });
  assert.deepEqual([await world.transfers(), await sentByRelayer()], [[], 0]);
  await setBaseFee(1 * GWEI);
  const { transaction } = await becomes(jti, { state: "settled", evidence: "transferred" });
  assert.equal(await moved(1, payment), transaction);
  assert.ok(Number((await world.chain.rpc("eth_getTransactionByHash", transaction)).maxFeePerGas) <= 5 * GWEI);
});

test("s47 a base fee that rises over a transaction on its way: it is replaced at its place for more, and paid for once", async () => {
  const payment = await open();
  await world.chain.rpc("evm_setAutomine", false);
  const jti = await buy(payment);
  const { transaction: first } = await becomes(jti, { state: "settling" });
  await pendingCount(1);
  const sent = (hash) => world.chain.rpc("eth_getTransactionByHash", hash);
  const { nonce } = await sent(first);
  await setBaseFee(50 * GWEI);
  // A block that was made long after it was sent, and without it.
  await passTime(60);
  await moved(0, payment);
  let own;
  await until("another one", async () => (own = await sent((await world.record(jti)).transaction)) && own.hash !== first);
  assert.deepEqual([own.nonce, Number(own.maxFeePerGas) > 50 * GWEI], [nonce, true]);
  await world.chain.rpc("evm_mine");
  await becomes(jti, { state: "settled", evidence: "transferred" });
  assert.equal(await sentByRelayer(), 1);
  await moved(1, payment);
});

test("s51 a base fee that rises above maxFeePerGas over a transaction on its way: it waits until the fee is back", async () => {
  const payment = await open({ options: { maxFeePerGas: String(5 * GWEI) } });
  await world.chain.rpc("evm_setAutomine", false);
  const jti = await buy(payment);
  await becomes(jti, { state: "settling" });
  await pendingCount(1);
  await setBaseFee(50 * GWEI);
  await becomes(jti, { state: "unknown", finding: "base_fee_above_limit" });
  await moved(0, payment);
  await setBaseFee(1 * GWEI);
  await world.chain.rpc("evm_setAutomine", true);
  await becomes(jti, { state: "settled", evidence: "transferred" });
  const transaction = await moved(1, payment);
  assert.ok(Number((await world.chain.rpc("eth_getTransactionByHash", transaction)).maxFeePerGas) <= 5 * GWEI);
  assert.equal(await sentByRelayer(), 1);
});

test("s52 a gap before a transaction, which nobody looks after: it is filled with an empty one", async () => {
  const payment = await open();
  const { address } = world.chain.relayer;
  await world.chain.rpc("anvil_setNonce", address, hex(7));
  await world.chain.rpc("evm_setAutomine", false);
  const jti = await buy(payment);
  await becomes(jti, { state: "settling" });
  await pendingCount(1);
  // The chain forgets one that was before it.
  await world.chain.rpc("anvil_dropAllTransactions");
  await world.chain.rpc("anvil_setNonce", address, hex(6));
  await pendingCount(2);
  await world.chain.rpc("evm_mine");
  await becomes(jti, { state: "settled", evidence: "transferred" });
  await moved(1, payment);
  assert.equal(await sentByRelayer(), 8);
});

test("s47 a transaction that the node drops is sent again, the same bytes", async () => {
  const payment = await open();
  await world.chain.rpc("evm_setAutomine", false);
  const jti = await buy(payment);
  const { transaction } = await becomes(jti, { state: "settling" });
  await pendingCount(1);
  assert.equal(await world.chain.rpc("anvil_dropTransaction", transaction), transaction, "it was there");
  await world.chain.rpc("evm_setAutomine", true);
  await becomes(jti, { state: "settled", transaction });
  assert.deepEqual([await moved(1, payment), await sentByRelayer()], [transaction, 1]);
});

test("s47 a reorganisation before the confirmations are there: sent again, and settled once it is deep", async () => {
  const payment = await open({ options: { confirmations: 3 } });
  const before = await world.chain.rpc("evm_snapshot");
  const jti = await buy(payment);
  const { transaction } = await becomes(jti, { state: "settling", finding: "too_few_confirmations" });
  await moved(1, payment);
  assert.equal(await world.chain.rpc("evm_revert", before), true);
  assert.equal(await isNonceUsed(payment), false, "the chain has forgotten it");
  await until("it is in a block again", () => isNonceUsed(payment));
  await world.chain.rpc("anvil_mine", "0x2");
  await becomes(jti, { state: "settled", transaction });
  assert.deepEqual([await moved(1, payment), await sentByRelayer()], [transaction, 1]);
});

test("s48 a reorganisation below one confirmation is past what was asked for: the record stands, reconcile says so", async () => {
  const payment = await open({ options: { confirmations: 1 } });
  const before = await world.chain.rpc("evm_snapshot");
  const jti = await buy(payment);
  const { transaction } = await becomes(jti, { state: "settled" });
  await moved(1, payment);
  assert.equal(await world.chain.rpc("evm_revert", before), true);
  await pause(3_000);
  await becomes(jti, { state: "settled", transaction });
  await moved(0, payment);
  assert.deepEqual(
    (await differences(world)).map((own) => [own.difference, own.jti, own.transaction]),
    [["not_on_chain", jti, transaction]],
  );
});

test("s53 a relayer without money for gas cashes once it is filled again, and once only", async () => {
  const payment = await open();
  const { address } = world.chain.relayer;
  await world.chain.rpc("anvil_setBalance", address, "0x0");
  const jti = await buy(payment);
  await becomes(jti, { finding: "relayer_out_of_gas_money" });
  assert.notEqual((await world.record(jti)).state, "failed");
  await moved(0, payment);
  await world.chain.rpc("anvil_setBalance", address, hex(10n ** 18n));
  const { transaction } = await becomes(jti, { state: "settled", evidence: "transferred" });
  assert.deepEqual([await moved(1, payment), await sentByRelayer()], [transaction, 1]);
});

test("s53 a node that is restarted, and forgets what waited for a block: the same bytes once more", async () => {
  const payment = await open({ keepsChain: true });
  await world.chain.rpc("evm_setAutomine", false);
  const jti = await buy(payment);
  const { transaction } = await becomes(jti, { state: "settling" });
  await pendingCount(1);
  await world.restartChain();
  await becomes(jti, { state: "settled", transaction });
  assert.deepEqual([await moved(1, payment), await sentByRelayer()], [transaction, 1]);
});

// Permit2 in real workerd on a real chain: fixed prices, prices by use, and what the chain must show for them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { settleCall, signPermit, withdrawCall } from "./permits.mjs";
import { fromHeader, openWorld, ticketOf } from "./world.mjs";

let world;

before(async () => {
  world = await openWorld();
});

after(() => world?.close());

const offerOf = async (path) => fromHeader((await world.fetch(path)).headers.get("payment-required")).accepts[0];

/** A visitor with a dollar, who lets Permit2 take so much of it. */
async function visitor(allowance) {
  const account = privateKeyToAccount(generatePrivateKey());
  await world.chain.mint(account.address, 1_000_000);
  if (allowance) await world.chain.allowPermit2(account.address, allowance);
  return account;
}

async function moved(account) {
  const topic = `0x${account.address.slice(2).toLowerCase().padStart(64, "0")}`;
  const topics = ["0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef", topic];
  const logs = await world.chain.rpc("eth_getLogs", { address: world.chain.usdc, fromBlock: "0x0", topics });
  return logs.map(({ data, transactionHash }) => ({ value: BigInt(data), transaction: transactionHash }));
}

test("s48 a permit buys an answer and a ticket, and is cashed through the exact proxy", async () => {
  const account = await visitor(10_000);
  const payment = await signPermit(account, await offerOf("/permit2"));
  const response = await world.payOn("/permit2", payment);
  assert.equal(response.status, 200, await response.text());
  const { id, token } = ticketOf(response);
  assert.equal((await world.withTicket("/permit2", token)).status, 200);
  const { transaction, amount } = await world.settled(id);
  assert.deepEqual(await moved(account), [{ value: 10_000n, transaction }]);
  assert.equal(amount, "10000");
});

test("s41 the office sells the same ticket to the same permit, however it is spelled (s38)", async () => {
  const account = await visitor(10_000);
  const payment = await signPermit(account, await offerOf("/permit2"));
  const first = await (await world.buy("permit2", payment)).json();
  const shouted = structuredClone(payment);
  const permit = shouted.payload.permit2Authorization;
  permit.from = permit.from.toLowerCase();
  permit.permitted.token = `0x${permit.permitted.token.slice(2).toUpperCase()}`;
  shouted.note = "another shell around the same signature";
  shouted.payload = Object.fromEntries(Object.entries(shouted.payload).reverse());
  const again = await (await world.buy("permit2", shouted)).json();
  assert.equal(again.access_token, first.access_token);
  await world.settled(first.jti);
  assert.equal((await moved(account)).length, 1);
});

test("s13 a second authorization beside the permit is refused, and so is anything hidden inside", async () => {
  const account = await visitor(10_000);
  const payment = await signPermit(account, await offerOf("/permit2"));
  for (const hide of [
    ({ payload }) => (payload.authorization = { from: account.address, nonce: "0x01" }),
    ({ payload }) => (payload.permit2Authorization.extra = 1),
    ({ payload }) => (payload.permit2Authorization.permitted.decimals = 6),
    ({ payload }) => (payload.permit2Authorization.witness.facilitator = account.address),
  ]) {
    const hidden = structuredClone(payment);
    hide(hidden);
    const response = await world.payOn("/permit2", hidden);
    assert.deepEqual([response.status, (await response.json()).code], [400, "invalid_payload"]);
  }
  assert.equal((await world.payOn("/permit2", payment)).status, 200);
});

test("s48 upto: the handler's charge moves, by its own word or by the stock SDK's header, which the client never sees", async () => {
  for (const [charge, headers, value] of [
    ["4200", {}, 4_200n],
    ["50%", { "x-charge-by-header": "1" }, 5_000n],
    ["$0.0001", {}, 100n],
    ["20000", { "x-charge-by-header": "1" }, 10_000n],
  ]) {
    const account = await visitor(10_000);
    const payment = await signPermit(account, await offerOf("/search"));
    const response = await world.payOn("/search", payment, { headers: { "x-charge": charge, ...headers } });
    assert.equal(response.status, 200, await response.text());
    assert.equal(response.headers.get("settlement-overrides"), null);
    const receipt = fromHeader(response.headers.get("payment-response"));
    assert.deepEqual([receipt.success, receipt.amount, receipt.extensions], [true, String(value), undefined]);
    const transfers = await until(() => moved(account), ({ length }) => length > 0);
    assert.deepEqual(transfers.map((transfer) => transfer.value), [value]);
  }
});

test("s48 upto: an answer that costs nothing is a success without a transaction", async () => {
  const account = await visitor(10_000);
  const payment = await signPermit(account, await offerOf("/search"));
  const response = await world.payOn("/search", payment, { headers: { "x-charge": "0" } });
  assert.equal(response.status, 200);
  const receipt = fromHeader(response.headers.get("payment-response"));
  assert.deepEqual([receipt.success, receipt.transaction, receipt.amount], [true, "", "0"]);
  await pause(2_500);
  assert.deepEqual(await moved(account), []);
});

test("s14 upto: a permit for another facilitator, and a ceiling for a fixed price, buy nothing", async () => {
  const account = await visitor(10_000);
  const [search, fixed] = [await offerOf("/search"), await offerOf("/permit2")];
  const elsewhere = await signPermit(account, search, { facilitator: account.address });
  let response = await world.payOn("/search", elsewhere);
  assert.deepEqual([response.status, (await response.json()).code], [402, "upto_facilitator_mismatch"]);
  response = await world.payOn("/permit2", await signPermit(account, search));
  assert.deepEqual([response.status, (await response.json()).code], [402, "no_matching_payment_requirements"]);
  const mixed = { ...(await signPermit(account, search)), accepted: fixed };
  response = await world.payOn("/permit2", mixed);
  assert.equal(response.status, 400);
  assert.deepEqual(await moved(account), []);
});

test("s46 a permit without an allowance stays open, and is cashed once the allowance is there", async () => {
  const account = await visitor(0);
  const payment = await signPermit(account, await offerOf("/permit2"));
  const { jti } = await (await world.buy("permit2", payment)).json();
  await pause(2_000);
  assert.equal((await world.record(jti)).state, "granted");
  await world.chain.allowPermit2(account.address, 10_000);
  await world.settled(jti);
  assert.deepEqual((await moved(account)).map(({ value }) => value), [10_000n]);
});

test("s49 a permit that somebody else cashes at the proxy is settled by that transaction", async () => {
  const account = await visitor(10_000);
  const payment = await signPermit(account, await offerOf("/permit2"));
  const theirs = await world.chain.sendAs({ from: world.chain.faucet.address, ...settleCall(payment) });
  const { jti } = await (await world.buy("permit2", payment)).json();
  assert.equal((await world.settled(jti)).transaction, theirs);
  assert.equal((await moved(account)).length, 1);
});

test("s47 a nonce that its payer withdrew fails the payment", async () => {
  const account = await visitor(10_000);
  const payment = await signPermit(account, await offerOf("/permit2"));
  const { nonce } = payment.payload.permit2Authorization;
  await world.chain.sendAs({ from: account.address, ...withdrawCall(nonce) });
  const { jti } = await (await world.buy("permit2", payment)).json();
  const record = await until(() => world.record(jti), ({ state }) => state === "failed");
  assert.equal(record.evidence, "cancelled");
  assert.equal((await world.buy("permit2", payment)).status, 402);
});

test("s43 with a node the gate says 412 to a missing allowance, and takes the same permit once it is there", async () => {
  await world.askingChain();
  const account = await visitor(0);
  const payment = await signPermit(account, await offerOf("/permit2"));
  for (const send of [() => world.payOn("/permit2", payment), () => world.buy("permit2", payment)]) {
    const response = await send();
    assert.deepEqual([response.status, (await response.json()).code], [412, "permit2_allowance_required"]);
  }
  await world.chain.allowPermit2(account.address, 10_000);
  const response = await world.payOn("/permit2", payment);
  assert.equal(response.status, 200, await response.text());
  await world.settled(ticketOf(response).id);
  assert.equal((await moved(account)).length, 1);
});

async function until(look, isDone) {
  for (let waited = 0; ; waited += 100) {
    const seen = await look();
    if (isDone(seen)) return seen;
    assert.ok(waited < 120_000, JSON.stringify(seen, (_, value) => (typeof value === "bigint" ? String(value) : value)));
    await pause(100);
  }
}

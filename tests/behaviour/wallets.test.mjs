// Who may sign for an account: its key where it has no code, its contract where it has some, and nobody else (S8).
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { openWorld } from "./world.mjs";
import { withWallets } from "./wallets.mjs";

let world;
let wallets;
let key;
before(async () => {
  world = await openWorld();
  wallets = await withWallets(world.chain);
  key = world.payer;
});
after(() => world?.close());

/** A payment signed by this account. */
function pay(account) {
  world.payer = account;
  return world.pay("/films/moon").finally(() => (world.payer = key));
}

/** Nobody gets in with it, on the resource or at the office, and nothing is left behind. */
async function refused(payment, code) {
  const served = await world.served();
  for (const response of [await world.payOn("/films/moon", payment), await world.buy("matinee", payment)]) {
    assert.deepEqual([response.status, (await response.json()).code], [402, code]);
  }
  assert.equal(await world.served(), served);
}

/** It buys a ticket, and the money moves. */
async function accepted(payment) {
  const before = await world.chain.balanceOf(world.chain.payee.address);
  const sold = await (await world.buy("matinee", payment)).json();
  assert.ok(sold.access_token, JSON.stringify(sold));
  assert.equal((await world.withTicket("/films/moon", sold.access_token)).status, 200);
  const record = await world.settled(sold.jti);
  assert.equal(record.payer.toLowerCase(), payment.payload.authorization.from.toLowerCase());
  assert.equal(await world.chain.balanceOf(world.chain.payee.address), before + 10_000n);
  // The same payment is the same ticket, also now that its nonce is used on the chain (S41).
  assert.equal((await (await world.buy("matinee", payment)).json()).access_token, sold.access_token);
}

test("s08 without a node only keys are taken, and a wallet is told so", async () => {
  assert.deepEqual(await (await world.fetch("/unchecked")).json(), ["eip155:84532"]);
  const wallet = await wallets.twoOwners();
  await refused(await pay(wallet), "contract_wallet_not_supported");
  await refused(await pay(wallet.undeployed()), "contract_wallet_not_supported");
  await accepted(await pay(key));
});

test("s08 with a node a wallet of two owners pays, and keys pay as before", async () => {
  await world.askingChain();
  assert.deepEqual(await (await world.fetch("/unchecked")).json(), []);
  const wallet = await wallets.twoOwners();
  await wallet.deploy();
  await accepted(await pay(wallet));
  await accepted(await pay(key));
  const onResource = await world.payOn("/films/moon", await pay(wallet));
  assert.equal(onResource.status, 200);
});

test("s08 a wallet's word counts for exactly what its owners signed", async () => {
  const wallet = await wallets.twoOwners();
  await wallet.deploy();
  const payment = await pay(wallet);
  const { signature } = payment.payload;
  const [first, second] = [signature.slice(0, 132), `0x${signature.slice(132)}`];
  for (const wrong of [first, second, second + first.slice(2), first + first.slice(2), `${signature}00`, signature.replace(/.$/, "d")]) {
    await refused({ ...payment, payload: { ...payment.payload, signature: wrong } }, "invalid_exact_evm_signature");
  }
  const other = await pay(wallet);
  await refused({ ...payment, payload: { ...payment.payload, signature: other.payload.signature } }, "invalid_exact_evm_signature");
  await accepted(payment);
});

test("s08 a delegated account's key signs, and its contract says no", async () => {
  const { key: givenAway, wallet } = await wallets.delegated();
  await refused(await pay(givenAway), "invalid_exact_evm_signature");
  await accepted(await pay(wallet));
});

test("s08 an account without code takes no contract's seal", async () => {
  const wallet = await wallets.twoOwners();
  await refused(await pay(wallet), "invalid_exact_evm_signature");
});

test("s08 a wallet is deployed only by a factory on the operator's list", async () => {
  const wallet = await wallets.twoOwners();
  await refused(await pay(wallet.undeployed()), "eip6492_factory_not_allowed");
  assert.equal(await wallet.code(), "0x");

  await world.askingChain({ eip6492Factories: [wallets.factory] });
  const stranger = `0x${"bad".padEnd(40, "0")}`;
  await refused(await pay(wallet.undeployed(stranger)), "eip6492_factory_not_allowed");
  const forged = await pay({ ...wallet.undeployed(), address: (await wallets.twoOwners()).address });
  await refused(forged, "invalid_exact_evm_signature");

  // Cashing deploys it and moves the money in one transaction.
  await accepted(await pay(wallet.undeployed()));
  assert.notEqual(await wallet.code(), "0x");
  // From then on its contract is asked, whatever factory the seal still names.
  await accepted(await pay(wallet.undeployed(stranger)));
});

test("s08 s46 a wallet that somebody else deploys before its check is cashed pays all the same", async () => {
  const wallet = await wallets.twoOwners();
  const trusting = { eip6492Factories: [wallets.factory] };
  await world.askingChain(trusting, { RPC_URL: "http://127.0.0.1:9" });
  const { jti } = await (await world.buy("matinee", await pay(wallet.undeployed()))).json();
  await wallet.deploy();
  await world.askingChain(trusting);
  assert.equal((await world.settled(jti, 30_000)).state, "settled");
});

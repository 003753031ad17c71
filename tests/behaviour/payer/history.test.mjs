// What a payer has paid: remembered, exported, and taken back on a real chain while no server has answered for it.
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { createPayer, init, LocalWallet } from "x402-wasm";
import { explain } from "x402-wasm/explain";
import { cancelAuthorization, exportHistory, history } from "x402-wasm/history";
import { startChain } from "../../../www/stage/chain.mjs";
import { NETWORK } from "./shop.mjs";
import { newPayer, open, visit, visitUntil } from "./visit.mjs";

const AUTHORIZATION_STATE = "0xe94a0102";

let chain;
before(async () => {
  await init();
  chain = await startChain({ port: 0 });
});
after(() => chain?.stop());

/** Whether the asset's contract takes this nonce no more. */
async function isUsed(address, nonce) {
  const data = AUTHORIZATION_STATE + address.slice(2).padStart(64, "0") + nonce.slice(2);
  return BigInt(await chain.rpc("eth_call", { to: chain.usdc, data }, "latest")) === 1n;
}

test("what was bought is listed, and exported in two forms", async (t) => {
  const jti = "=cmd|' /C calc'!A0";
  const shop = await open(t, {
    sell: (payment, response) => response.end(JSON.stringify({ access_token: payment.payload.authorization.nonce, token_type: "Bearer", expires_in: 600, jti })),
  });
  const payer = newPayer();
  assert.equal(await visit(payer, shop), 200);
  const [payment] = history(payer);
  assert.deepEqual([payment.origin, payment.amount, payment.symbol, payment.state, payment.ticket], [shop.origin, "0.01", "USDC", "honoured", jti]);
  assert.deepEqual(JSON.parse(exportHistory(payer)), [payment]);
  const [head, line, rest] = exportHistory(payer, "csv").split("\r\n");
  assert.equal(rest, "");
  assert.equal(head, "at,origin,url,amount,symbol,asset,network,payTo,nonce,validBefore,state,transaction,ticket");
  assert.ok(line.endsWith(`"honoured","","'${jti}"`), line);
});

const account = () => privateKeyToAccount(generatePrivateKey());
const lends = (wallet) => ({ address: wallet.address, unlock: async () => wallet });

for (const [name, makeWallet] of [["a key in wasm", () => LocalWallet.generate()], ["a wallet outside", account], ["a wallet that is unlocked", () => lends(LocalWallet.generate())]]) {
  test(`a payment that nobody answered for is taken back by ${name}`, async (t) => {
    const shop = await open(t, { first: (request, response, payment) => payment && response.destroy() });
    const wallet = makeWallet();
    await chain.mint(wallet.address, 1_000_000);
    const payer = createPayer({ wallet, networks: [NETWORK] });
    assert.equal(await visitUntil(() => shop.checks.size > 0, payer, shop), "AbortError");
    const [{ nonce, state }] = history(payer);
    assert.equal(state, "pending");
    assert.equal(await isUsed(wallet.address, nonce), false);

    const transaction = await cancelAuthorization(payer, nonce);
    assert.equal(transaction.network, NETWORK);
    await chain.sendAs({ from: chain.faucet.address, to: transaction.to, data: transaction.data });
    assert.ok(await isUsed(wallet.address, nonce));
    assert.equal(payer.spending().perDay.spent, "0.01", "the payer has not seen the chain");
    await assert.rejects(cancelAuthorization(payer, `0x${"11".repeat(32)}`), { code: "invalid_option" });
  });
}

test("s64 what is signed is told in words first, and they are those of the typed data", async (t) => {
  const shop = await open(t, {});
  const wallet = account();
  let asked;
  const payer = createPayer({ wallet: { address: wallet.address, signTypedData: (data) => ((asked = explain(data)), wallet.signTypedData(data)) }, networks: [NETWORK] });
  const paid = new Promise((resolve) => payer.addEventListener("payment", ({ detail }) => resolve(detail), { once: true }));
  assert.equal(await visit(payer, shop), 200);
  const { amount, symbol, payTo, typedData } = await paid;
  assert.deepEqual([asked.amount, asked.symbol, asked.payTo, asked.isTest], [amount, symbol, payTo, true]);
  assert.ok(asked.text.startsWith(`Pay ${amount} ${symbol} on base-sepolia`) && asked.text.includes(payTo), asked.text);
  assert.deepEqual(explain(typedData), asked);
});

test("s16 a validity is measured by the server's clock, within bounds", async (t) => {
  for (const [skew, least, most] of [[120, 415, 422], [-120, 175, 182], [86_400, 595, 602], [-86_400, 25, 32]]) {
    const shop = await open(t, { first: (request, response) => void response.setHeader("date", new Date(Date.now() + skew * 1000).toUTCString()) });
    const before = Math.floor(Date.now() / 1000);
    assert.equal(await visit(newPayer(), shop), 200);
    const [{ validBefore }] = shop.checks.values();
    const lifetime = Number(validBefore) - before;
    assert.ok(lifetime >= least && lifetime <= most, `${skew}: ${lifetime}`);
  }
});

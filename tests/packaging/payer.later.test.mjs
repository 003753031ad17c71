// The build that pages load pays with keys of its own. For a wallet outside, or an option that it does not have, it loads
// the full one by itself, beside itself.
import assert from "node:assert/strict";
import { register } from "node:module";
import test, { beforeEach } from "node:test";
import { privateKeyToAccount } from "viem/accounts";
import { instances } from "./instances.mjs";

const lean = import.meta.resolve("../../pkg/dist/entry/inline.js");
const resolve = `export const resolve = (name, context, next) => next(name === "x402-wasm" ? ${JSON.stringify(lean)} : name, context);`;
register(`data:text/javascript,${encodeURIComponent(resolve)}`);
const { createPayer, LocalWallet } = await import("x402-wasm");

const outside = privateKeyToAccount(`0x${"46".repeat(32)}`);
const networks = ["eip155:84532"];
const offer = {
  scheme: "exact",
  network: networks[0],
  amount: "10000",
  asset: "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
  payTo: `0x${"22".repeat(20)}`,
  maxTimeoutSeconds: 300,
};
const challenge = { "payment-required": btoa(JSON.stringify({ x402Version: 2, accepts: [offer] })) };
const film = "https://cinema.example/films/1";
let payments;
beforeEach(() => (payments = []));

async function fetch(_, init) {
  const payment = new Headers(init?.headers).get("payment-signature");
  if (!payment) return new Response(null, { status: 402, headers: challenge });
  payments.push(JSON.parse(atob(payment)).payload);
  return new Response("the film");
}

// The order counts: nothing but the first of them may meet a page without the full build.
test("a key of the page's own pays without the full build", async () => {
  const payer = createPayer({ wallet: LocalWallet.generate(), networks, fetch });
  assert.equal((await payer.fetch(film)).status, 200);
  assert.equal(instances.length, 1);
});

test("what is wrong with the options is said at once, and what a payer holds is told before it is needed", () => {
  assert.throws(() => createPayer({ wallet: outside, networks: ["base"], fetch }), { code: "invalid_option" });
  assert.throws(() => createPayer({ wallet: outside, networks, perDay: "1", fetch }), { code: "unknown_option" });
  assert.throws(() => createPayer({ wallet: { address: "0x1" }, networks, fetch }), { code: "invalid_option" });
  const payer = createPayer({ wallet: outside, networks, budget: { perDay: "0.5" }, fetch });
  assert.deepEqual(payer.spending().perDay, { limit: "0.5", spent: "0" });
  assert.deepEqual(payer.tickets(), []);
  assert.equal(instances.length, 1);
});

test("a key cannot move: its payer names the import to change", () => {
  const vault = { address: outside.address, unlock: async () => LocalWallet.generate() };
  for (const wallet of [LocalWallet.generate(), vault]) {
    assert.throws(() => createPayer({ wallet, networks, permit2: () => true }), { code: "needs_full_build", message: /`permit2`.*`x402-wasm\/full`/ });
  }
});

test("a wallet outside pays, of many requests at once each in the one full build", async () => {
  const payer = createPayer({ wallet: outside, networks, fetch });
  const statuses = await Promise.all([1, 2, 3].map(async (number) => (await payer.fetch(`${film}?${number}`)).status));
  assert.deepEqual(statuses, [200, 200, 200]);
  assert.deepEqual(new Set(payments.map(({ authorization }) => authorization.from)), new Set([outside.address]));
  assert.equal(payer.spending().perDay.spent, "0.03", "none of them lost what the others spent");
  assert.equal(instances.length, 2);
});

test("payers of both kinds live in one page", async () => {
  const wallet = LocalWallet.generate();
  const [own, other] = [wallet, outside].map((wallet) => createPayer({ wallet, networks, fetch }));
  for (const payer of [own, other, own]) assert.equal((await payer.fetch(film)).status, 200);
  assert.deepEqual(payments.map(({ authorization }) => authorization.from), [wallet.address, outside.address, wallet.address]);
  assert.deepEqual([own, other].map((payer) => payer.spending().perDay.spent), ["0.02", "0.01"]);
  assert.equal(instances.length, 2);
});

test("an option of the full build works with a wallet outside, and is judged there", async () => {
  const asked = [];
  const permit2 = (needed) => asked.push(needed) > 0;
  const accepts = [{ ...offer, extra: { assetTransferMethod: "permit2" } }];
  const header = { "payment-required": btoa(JSON.stringify({ x402Version: 2, accepts })) };
  const shop = async (_, init) =>
    new Headers(init?.headers).has("payment-signature") ? new Response("the film") : new Response(null, { status: 402, headers: header });
  assert.equal((await createPayer({ wallet: outside, networks, permit2, fetch: shop }).fetch(film)).status, 200);
  assert.equal(asked[0]?.atomicAmount, offer.amount);
  const wrong = createPayer({ wallet: outside, networks, signIn: "sometimes", fetch });
  await assert.rejects(wrong.fetch(film), { code: "invalid_option" });
});

test("a saved state goes along into the full build", async () => {
  let saved;
  const store = { load: () => saved, save: (text) => void (saved = text) };
  const open = () => createPayer({ wallet: outside, networks, fetch, store });
  assert.equal((await open().fetch(film)).status, 200);
  const next = open();
  assert.equal((await next.fetch(film)).status, 200);
  assert.equal(next.spending().perDay.spent, "0.02");
});

test("what a 402 asks for is told, whichever build was there first", async () => {
  const { quote } = await import("../../pkg/dist/payer/quote.js");
  const { origin, offers } = await quote(await fetch(film), { url: film });
  assert.deepEqual([origin, offers.length, offers[0]?.atomicAmount], ["https://cinema.example", 1, offer.amount]);
});

test("a wallet that signs something else is found out", async () => {
  const wallet = { address: outside.address, signTypedData: ({ domain, types, primaryType, message }) => outside.signTypedData({ domain, types, primaryType, message: { ...message, value: "1" } }) };
  await assert.rejects(createPayer({ wallet, networks, fetch }).fetch(film), { code: "wallet_signature_invalid" });
  assert.equal(payments.length, 0);
});

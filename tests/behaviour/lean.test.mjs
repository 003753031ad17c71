// Two workers: one checks and sells and holds no key, the other has the ledger and cashes.
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { signPermit } from "./permits.mjs";
import { fromHeader, openWorld, ticketOf } from "./world.mjs";

const worker = (name) => fileURLToPath(new URL(name, import.meta.url));

let world;
before(async () => (world = await openWorld({ entry: worker("lean.js"), cashier: worker("lean.cashier.js") })));
after(() => world?.close());

test("the worker that sells holds no relayer's key and no node", async () => {
  assert.deepEqual(await (await world.fetch("/bindings")).json(), ["CHAINS", "LEDGER", "PAY_TO", "RELAYER", "TICKET_SECRET"]);
});

test("s48 what one worker sells another cashes", async () => {
  const response = await world.buy("matinee", await world.pay("/films/moon"));
  const { access_token, jti } = await response.json();
  assert.equal(response.status, 200);
  assert.equal((await world.withTicket("/films/moon", access_token)).status, 200);
  const record = await world.settled(jti);
  const hashes = (await world.transfers()).map(({ transactionHash }) => transactionHash);
  assert.deepEqual(hashes, [record.transaction]);
});

test("what settles first is served when the other worker has settled it", async () => {
  const payment = await world.pay("/premiere");
  let response = await world.payOn("/premiere", payment);
  // An answer that is not there in time says so, and the same payment comes again.
  for (const end = Date.now() + 120_000; response.status === 202 && Date.now() < end; ) response = await world.payOn("/premiere", payment);
  assert.equal(response.status, 200);
  assert.equal(fromHeader(response.headers.get("payment-response")).success, true);
  assert.equal((await world.record(ticketOf(response).id)).state, "settled");
});

test("a ceiling names the account of the other worker's relayer, which settles what was charged", async () => {
  await world.chain.allowPermit2(world.payer.address, 1_000_000n);
  const offer = fromHeader((await world.fetch("/search")).headers.get("payment-required")).accepts[0];
  const before = await world.chain.balanceOf(world.chain.payee.address);
  const response = await world.payOn("/search", await signPermit(world.payer, offer));
  assert.equal(response.status, 200, await response.text());
  const end = Date.now() + 120_000;
  const earned = async () => (await world.chain.balanceOf(world.chain.payee.address)) - before;
  while ((await earned()) === 0n && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(await earned(), 4_000n);
});

test("a ledger in the worker that cannot cash takes no payment", async (t) => {
  const lonely = await openWorld({ entry: worker("lean.mistaken.js"), bindings: { RELAYER: world.chain.relayer.address } });
  t.after(lonely.close);
  const response = await lonely.buy("matinee", await lonely.pay("/films/moon"));
  assert.deepEqual([response.status, (await response.json()).code], [503, "ledger_unreachable"]);
});

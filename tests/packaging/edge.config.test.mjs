// What cannot work is refused when the gate is first used, with one sentence that says how to mend it.
import assert from "node:assert/strict";
import test from "node:test";
import { createGate, none, relayer } from "x402-wasm/edge";
import { memory } from "x402-wasm/edge/memory";

const KEY = `0x${"11".repeat(32)}`;
const settle = relayer({ rpc: "http://127.0.0.1:9", key: KEY });
const options = {
  payTo: "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
  network: "eip155:84532",
  tickets: { issuer: "https://cinema.example", keys: [{ kid: "a", secret: "a secret that only this test knows." }] },
  routes: { "GET /films/:id": { price: "$0.01" } },
};
// As Workers KV looks from inside.
const kv = { get() {}, put() {}, delete() {}, list() {}, getWithMetadata() {} };
const own = { read() {}, write() {}, due() {} };
const operated = { operator: { key: "short" } };
const first = relayer({ ...settle.options, when: "before" });
const late = { scope: "late", price: "$0.01", when: "after" };
const mixed = { ...options.routes, "GET /late": { price: "$0.01", when: "after" } };
const shortKey = { ...options.tickets, keys: [{ kid: "a", secret: "short" }] };

for (const [what, changes, code, sentence] of [
  ["a KV namespace", { ledger: kv, settle }, "store_not_atomic", /eventually consistent.*use durableObject\(\)/],
  ["a store that forgets, and checks to be cashed", { ledger: memory(), settle }, "store_not_durable", /restart.*use durableObject\(\) or sqlite\(\)/],
  ["a store that forgets, and one route that serves first", { ledger: memory(), settle: first, routes: mixed }, "store_not_durable", /ledger forgets at a restart/],
  ["a store that forgets, and one handler that serves first", { ledger: memory(), settle: first, handler: late }, "store_not_durable", /ledger forgets at a restart/],
  ["no store", { settle }, "invalid_config", /ledger is a store such as durableObject/],
  ["a store that lends without limits", { ledger: own, settle, credit: { perPayer: "1" } }, "store_without_credit", /bound credit.*use durableObject/],
  ["nobody who settles first", { ledger: memory(), settle: none(), when: "before" }, "invalid_config", /settle is missing/],
  ["an operator's short key", { ledger: memory(), ...operated }, "invalid_config", /operator.key is a secret of at least 32 bytes/],
  ["a relayer without a key", { ledger: own, settle: relayer({ rpc: "http://127.0.0.1:9" }) }, "invalid_relayer_key", /0x and 64 hex digits/],
  ["a relayer with a short key", { ledger: own, settle: relayer({ rpc: "http://127.0.0.1:9", key: "0x11" }) }, "invalid_relayer_key", /0x and 64 hex digits/],
  ["no tickets at all", { ledger: own, settle, tickets: undefined }, "invalid_config", /tickets is missing/],
  ["no ticket keys", { ledger: own, settle, tickets: { issuer: "https://cinema.example" } }, "invalid_config", /tickets.keys is missing/],
  ["an empty list of ticket keys", { ledger: own, settle, tickets: { ...options.tickets, keys: [] } }, "invalid_config", /tickets.keys cannot be used: tickets need at least one key/],
  ["a short ticket key", { ledger: own, settle, tickets: shortKey }, "invalid_config", /tickets.keys cannot be used: .*32 random bytes: openssl rand/],
  ["a network by its name", { ledger: own, settle, network: "base-sepolia" }, "invalid_config", /network .*eip155/],
  ["an unknown network", { ledger: own, settle, network: "eip155:424242" }, "invalid_config", /network has no default asset here: name one/],
  ["a credit in all and none to a payer", { ledger: memory({ forTests: true }), settle, credit: { inAll: "1" } }, "invalid_config", /credit.perPayer is missing/],
]) {
  test(`s21 s39 refused: ${what}`, async () => {
    const { handler, ...own } = changes;
    const gate = createGate({ ...options, ...own });
    if (handler) gate.paid(handler, () => new Response());
    await assert.rejects(async () => gate.report(), (error) => {
      assert.deepEqual([error.name, error.code], ["X402Error", code]);
      assert.match(error.message, sentence);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
  });
}

test("a store that forgets is good where nothing waits in it, and in tests", async () => {
  for (const changes of [{ settle: none() }, { settle: { ...settle, options: { ...settle.options, when: "before" } } }]) {
    const gate = createGate({ ...options, ...changes, ledger: memory() });
    assert.equal((await gate.report()).outstanding.count, 0);
  }
  assert.equal((await createGate({ ...options, settle, ledger: memory({ forTests: true }) }).report()).creditInUse, "0.000000");
});

// x402-wasm/edge/lean: what it brings along, and what it refuses before anything is sold.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { bundleWorker } from "../../www/stage/bundle.mjs";
import * as lean from "x402-wasm/edge/lean";
import { memory } from "x402-wasm/edge/memory";

const { createGate, elsewhere, facilitator, none, relayer } = lean;
const KEY = `0x${"11".repeat(32)}`;
const NODE = "http://127.0.0.1:9";
const ORIGIN = "https://cinema.example";
const options = {
  payTo: "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
  network: "eip155:84532",
  tickets: { issuer: ORIGIN, keys: [{ kid: "a", secret: "a secret that only this test knows." }] },
  routes: { "GET /films/:id": { price: "$0.01" } },
  ledger: memory({ forTests: true }),
  settle: elsewhere(),
};
const upto = { "GET /search": { price: "$0.01", scheme: "upto" } };

test("for workerd its bundle has one module, the fast gate's two, and the whole gate's three", async (t) => {
  // Below the repository, so that `x402-wasm` resolves as it would for a user.
  const home = await mkdtemp(join(fileURLToPath(new URL("../../target/", import.meta.url)), "lean-"));
  t.after(() => rm(home, { recursive: true, force: true }));
  const modules = async (specifier) => {
    const entry = join(home, "entry.js");
    await writeFile(entry, `export { createGate, elsewhere } from "${specifier}"; export { durableObject } from "x402-wasm/edge/durable-object";`);
    const { wasm } = await bundleWorker(entry, home);
    return wasm.map((name) => name.slice(9)).sort();
  };
  assert.deepEqual(await modules("x402-wasm/edge/lean"), ["edge_bg.wasm"]);
  assert.deepEqual(await modules("x402-wasm/edge/fast"), ["cashier_bg.wasm", "edge-full-fast_bg.wasm"]);
  assert.deepEqual(await modules("x402-wasm/edge"), ["cashier_bg.wasm", "edge-full_bg.wasm", "edge_bg.wasm"]);
});

test("it asks for a payment, and tells of one", async () => {
  const gate = createGate(options);
  await gate.ready();
  assert.equal((await gate.protect(() => new Response()).fetch(new Request(`${ORIGIN}/films/1`))).status, 402);
  assert.equal(await gate.payment(undefined, "00".repeat(32)), undefined);
});

for (const [what, changes, code, sentence] of [
  ["a relayer", { settle: relayer({ rpc: NODE, key: KEY }) }, "needs_cashier", /cashes nothing.*import from x402-wasm\/edge.*settle is elsewhere\(\)/],
  ["a facilitator that settles", { settle: facilitator(NODE) }, "needs_cashier", /settle is elsewhere\(\)/],
  ["nobody who settles, by forgetting", { settle: undefined }, "invalid_config", /^settle is elsewhere\(\).* or none\(\)/],
  ["an operator's doors", { operator: { key: "0".repeat(32) } }, "needs_cashier", /import from x402-wasm\/edge/],
  ["nodes to ask", { chains: { "eip155:84532": { rpc: NODE } } }, "needs_full_gate", /^chains is .*: import from x402-wasm\/edge\.$/],
  ["a facilitator that verifies", { verify: facilitator(NODE) }, "needs_full_gate", /import from x402-wasm\/edge/],
  ["a name for payments", { paymentIdentifier: "optional" }, "needs_full_gate", /^paymentIdentifier is/],
  ["a ceiling for nobody's account", { routes: upto }, "invalid_config", /`account` of facilitator\(\) or elsewhere\(\)/],
  ["an account that is none", { routes: upto, settle: elsewhere({ account: "0x11" }) }, "invalid_config", /^elsewhere.account is no address/],
  ["a misspelled option", { settle: elsewhere({ whem: "before" }) }, "invalid_config", /^elsewhere.whem is not an option here/],
  ["a store that forgets", { ledger: memory() }, "store_not_durable", /ledger forgets at a restart/],
]) {
  test(`s21 refused by the lean entry: ${what}`, async () => {
    for (const form of [{ ...options, ...changes }, () => ({ ...options, ...changes })]) {
      await assert.rejects(async () => createGate(form).ready({}), ({ name, code: found, message }) => {
        assert.deepEqual([name, found], ["X402Error", code], message);
        assert.match(message, sentence);
        assert.doesNotMatch(message, /\n/);
        return true;
      });
    }
  });
}

test("options that need no environment are refused where they are written", () => {
  assert.throws(() => createGate({ ...options, settle: undefined }), { code: "invalid_config" });
});

test("a ceiling is sold in the name of the other worker's account", async () => {
  const account = "0x2de7000000000000000000000000000000000001";
  const gate = createGate({ ...options, routes: upto, settle: elsewhere({ account }) });
  const answer = await gate.protect(() => new Response()).fetch(new Request(`${ORIGIN}/search`));
  const { accepts } = JSON.parse(atob(answer.headers.get("payment-required")));
  assert.equal(accepts[0].extra.facilitatorAddress?.toLowerCase(), account, JSON.stringify(accepts[0]));
});

test("it exports what the whole gate exports, whose parts are there for both where one worker has both", async () => {
  const whole = await import("x402-wasm/edge");
  assert.deepEqual(Object.keys(lean).sort(), Object.keys(whole).sort());
  await createGate({ ...options, paymentIdentifier: "optional" }).ready();
});

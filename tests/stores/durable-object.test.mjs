// Durable Objects in real workerd, one and several.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { startWorker } from "../../www/stage/workerd.mjs";
import { conforms } from "./conformance.mjs";
import { remoteStore } from "./remote.mjs";

const ENTRY = fileURLToPath(new URL("worker.js", import.meta.url));

async function open(shards) {
  const home = await mkdtemp(join(tmpdir(), "x402-stores-"));
  const worker = await startWorker({ entry: ENTRY, dataDir: home, bindings: { SHARDS: String(shards) }, silent: true });
  const ask = async (method, args) => {
    const response = await fetch(worker.url, { method: "POST", body: JSON.stringify({ method, args }) });
    return (await response.json()).value;
  };
  return {
    ask,
    store: remoteStore(ask),
    restart: async () => (await worker.kill(), worker.restart()),
    close: async () => (await worker.stop(), rm(home, { recursive: true, force: true })),
  };
}

for (const shards of [1, 4]) conforms(`durable object, ${shards}`, () => open(shards), { shards });

test("a payer's payments lie in one object, and payers are spread over all of them", async (t) => {
  const world = await open(4);
  t.after(() => world.close());
  const names = new Set();
  for (let payer = 0; payer < 40; payer += 1) {
    const digits = (payer * 1_021).toString(16).padStart(4, "0");
    const [first, second] = [await world.ask("nameOf", [digits + "00".repeat(30)]), await world.ask("nameOf", [digits + "ff".repeat(30)])];
    assert.equal(first, second);
    names.add(first);
  }
  assert.deepEqual([...names].sort(), ["ledger/0", "ledger/1", "ledger/2", "ledger/3"]);
});

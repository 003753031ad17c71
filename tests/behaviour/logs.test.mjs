// What the operator reads: enough to know what happened, and nothing that could be spent.
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import test from "node:test";
import { fileURLToPath } from "node:url";

// Long enough to be no accident, short enough to catch a piece.
const PIECE = 20;

test("s28 workerd's log holds no piece of a ticket, a payment or a key", async () => {
  // In a process of its own, because workerd's output goes where its parent's goes.
  const child = fork(fileURLToPath(new URL("loud.mjs", import.meta.url)), { silent: true });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (log += chunk));
  let secrets = [];
  child.once("message", (told) => (secrets = told));
  const [code] = await once(child, "close");
  assert.equal(code, 0, log);

  for (const said of ["x402-wasm: cashing", "settled", "the projector is broken", "a request failed", "no answer"]) {
    assert.ok(log.includes(said), `nothing about "${said}" in the log:\n${log}`);
  }
  assert.ok(secrets.length > 10);
  for (const secret of secrets) {
    for (let start = 0; start + PIECE <= secret.length; start += 1) {
      const piece = secret.slice(start, start + PIECE);
      assert.ok(!log.toLowerCase().includes(piece.toLowerCase()), `"${piece}" stands in the log`);
    }
  }
});

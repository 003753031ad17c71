// The payer's state in a file: whole or not at all, for one process at a time, through any end of that process.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { file } from "x402-wasm/store/file";

let home, path;
before(async () => (home = await mkdtemp(join(tmpdir(), "x402-file-"))));
beforeEach((t) => (path = join(home, t.name.replaceAll(" ", "-"))));
after(() => rm(home, { recursive: true, force: true }));

const inUse = { name: "X402Error", code: "state_in_use" };

/** A process that opens the file, and says so, or its error's code. */
async function another({ stays = false } = {}) {
  const script = `import { file } from "x402-wasm/store/file";
    try { file(${JSON.stringify(path)}).save("from another"); console.log("open"); } catch ({ code }) { console.log(code); }
    ${stays ? "setInterval(() => {}, 1000)" : ""}`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], { stdio: ["ignore", "pipe", "inherit"] });
  const [said] = await once(child.stdout, "data");
  return { child, said: String(said).trim() };
}

test("what was saved is loaded, by its owner only", async () => {
  const store = file(path);
  assert.equal(store.load(), undefined);
  store.save("a state");
  store.save("another");
  assert.equal(store.load(), "another");
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  store.close();
});

test("one process at a time, and itself once", async () => {
  const store = file(path);
  assert.throws(() => file(path), inUse);
  assert.equal((await another()).said, "state_in_use");
  store.close();
  const { child, said } = await another();
  assert.equal(said, "open");
  await once(child, "exit");
  file(path).close();
});

test("what a killed process left is taken over", async () => {
  const { child, said } = await another({ stays: true });
  assert.equal(said, "open");
  assert.throws(() => file(path), inUse);
  child.kill("SIGKILL");
  await once(child, "exit");
  const store = file(path);
  assert.equal(store.load(), "from another");
  store.close();
});

test("in a container a restart has the number that the dead process had", async () => {
  await writeFile(`${path}.lock`, String(process.pid));
  file(path).close();
});

test("a save that was cut off leaves the state before it", async () => {
  const store = file(path);
  store.save("whole");
  await writeFile(`${path}.new`, "hal");
  assert.equal(store.load(), "whole");
  store.save("whole again");
  assert.equal(await readFile(path, "utf8"), "whole again");
  store.close();
});

// Which builds a gate loads: the lean one, and another only where its configuration asks for something that needs it.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startWorker } from "../../www/stage/workerd.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const WORKER = join(HERE, "edge.builds.worker.js");

/** By the path of the gate in the worker; `late` is what is loaded for a moment in which nobody waits. */
const CASES = [
  ["/default", ["edge"]],
  ["/no-chains", ["edge"]],
  ["/relayer", ["edge"], ["cashier"]],
  ["/upto", ["cashier", "edge"]],
  ["/chains", ["edge", "edge-full"]],
  ["/verify", ["edge", "edge-full"]],
  ["/named", ["edge", "edge-full"]],
  ["/sign-in", ["edge", "edge-full"]],
  ["/signed-offers", ["edge", "edge-full"]],
];

let home;
before(async () => (home = await mkdtemp(join(tmpdir(), "x402-builds-"))));
after(() => rm(home, { recursive: true, force: true }));

for (const [path, builds, late = []] of CASES) {
  test(`in Node ${path} loads ${builds.join(" and ")}`, async () => {
    const coverage = join(home, path);
    const script = `
      import worker from ${JSON.stringify(WORKER)};
      import { memory } from "x402-wasm/edge/memory";
      const answer = await worker.fetch(new Request("http://127.0.0.1${path}"), { ledger: memory({ forTests: true }) });
      console.log(answer.status);
      process.exit();`;
    const env = { ...process.env, NODE_V8_COVERAGE: coverage };
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], { cwd: HERE, env });
    assert.equal(stdout.trim(), "402");
    const loaded = await scriptsIn(coverage);
    assert.deepEqual(loaded.filter((name) => !late.includes(name)), builds);
  });
}

/** The builds whose glue ran: V8 lists every script for which it could tell a coverage. */
async function scriptsIn(coverage) {
  const files = await Promise.all((await readdir(coverage)).map((file) => readFile(join(coverage, file), "utf8")));
  const urls = files.flatMap((text) => JSON.parse(text).result.map(({ url }) => url));
  const names = urls.map((url) => /\/dist\/wasm\/([a-z-]+)\.js$/.exec(url)?.[1]).filter(Boolean);
  return [...new Set(names)].sort();
}

test("in workerd each gate has the instances that it needs", async () => {
  const entry = join(HERE, "edge.builds.workerd.js");
  for (const [path, builds] of CASES) {
    // A process for each, because whatever one gate loaded is there for the next.
    const worker = await startWorker({ entry, dataDir: join(home, `workerd${path}`), silent: true });
    try {
      assert.equal((await fetch(worker.url + path)).status, 402, path);
      assert.deepEqual(await (await fetch(`${worker.url}/instances`)).json(), builds, path);
    } finally {
      await worker.stop();
    }
  }
});

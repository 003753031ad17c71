// Which builds a gate loads: the lean one, and another only where its configuration asks for something that needs it. In
// Node it is the full one from the start.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { inPlaceOf } from "../entries.mjs";
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

/** The glue of a build. */
const GLUE = /\/dist\/wasm\/([a-z-]+)\.js$/;
/** A script of the bundle, and the build that comes with it. */
const CHUNK = /\/bundle\/([a-z-.]+?)(?:-[0-9A-Z]{8})?\.js$/;
const BUILDS = { "edge.builds.worker": "edge", "full-gate.inline": "edge-full", "cashier.inline": "cashier" };

let home, elsewhere;
before(async () => {
  home = await mkdtemp(join(tmpdir(), "x402-builds-"));
  const outdir = join(home, "bundle");
  await build({ entryPoints: [WORKER], outdir, bundle: true, splitting: true, format: "esm", conditions: [], platform: "neutral" });
  elsewhere = join(outdir, "edge.builds.worker.js");
});
after(() => rm(home, { recursive: true, force: true }));

for (const [path, builds, late = []] of CASES) {
  const inNode = [...new Set(builds.map((name) => (name === "edge" ? "edge-full" : name)))];
  test(`in Node ${path} loads ${inNode.join(" and ")}`, async () => {
    const loaded = await loadedFor(path, WORKER, GLUE);
    assert.deepEqual(loaded.filter((name) => !late.includes(name)), inNode);
  });

  test(`elsewhere ${path} loads ${builds.join(" and ")}`, async () => {
    const loaded = (await loadedFor(path, elsewhere, CHUNK)).map((entry) => BUILDS[entry]).filter(Boolean);
    assert.deepEqual(loaded.filter((name) => !late.includes(name)).sort(), builds);
  });
}

/** The names, by a pattern, of the scripts that ran until the worker answered. */
async function loadedFor(path, entry, pattern) {
  const coverage = await mkdtemp(join(home, "coverage-"));
  const script = `
      import worker from ${JSON.stringify(entry)};
      import { memory } from "x402-wasm/edge/memory";
      const answer = await worker.fetch(new Request("http://127.0.0.1${path}"), { ledger: memory({ forTests: true }) });
      console.log(answer.status);
      process.exit();`;
  const env = { ...process.env, NODE_V8_COVERAGE: coverage };
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], { cwd: HERE, env });
  assert.equal(stdout.trim(), "402");
  // V8 lists every script for which it could tell a coverage.
  const files = await Promise.all((await readdir(coverage)).map((file) => readFile(join(coverage, file), "utf8")));
  const urls = files.flatMap((text) => JSON.parse(text).result.map(({ url }) => url));
  return [...new Set(urls.map((url) => pattern.exec(url)?.[1]).filter(Boolean))].sort();
}

test("in workerd each gate has the instances that it needs", async () => {
  for (const [path, builds] of CASES) assert.deepEqual(await instancesFor(path), builds, path);
});

test("in workerd a gate of x402-wasm/edge/fast is the full one from the start", async () => {
  for (const [path, builds] of CASES) {
    const expected = [...new Set(builds.map((name) => (name === "cashier" ? name : "edge-full-fast")))].sort();
    assert.deepEqual(await instancesFor(path, [inPlaceOf("x402-wasm/edge", "x402-wasm/edge/fast")]), expected, path);
  }
});

/** The modules of which there are instances once a worker answered. A process for each: what one gate loaded is there for the next. */
async function instancesFor(path, plugins = []) {
  const entry = join(HERE, "edge.builds.workerd.js");
  const worker = await startWorker({ entry, dataDir: await mkdtemp(join(home, "workerd-")), plugins, silent: true });
  try {
    assert.equal((await fetch(worker.url + path)).status, 402, path);
    return await (await fetch(`${worker.url}/instances`)).json();
  } finally {
    await worker.stop();
  }
}

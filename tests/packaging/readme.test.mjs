// The README's two examples, as they stand there: its gate in workerd sells a film to its payer in Node.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startWorker } from "../../www/stage/workerd.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
// Below the repository, so that `x402-wasm` resolves as it would for a user.
const HOME = join(ROOT, "target/readme");
const SERVER = "https://cinema.example";

const examplesOf = async (readme) => {
  const text = await readFile(join(ROOT, readme), "utf8");
  return [...text.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code);
};

let gate;

before(async () => {
  await mkdir(HOME, { recursive: true });
  const [example] = await examplesOf("README.md");
  const entry = join(HOME, "gate.mjs");
  await writeFile(entry, example);
  const bindings = {
    TICKET_SECRET: "a secret that only this test knows.",
    // Nobody listens there: the film is served all the same, and the check waits.
    RPC_URL: "http://127.0.0.1:9",
    RELAYER_KEY: `0x${"11".repeat(32)}`,
  };
  gate = await startWorker({ entry, dataDir: HOME, bindings, silent: true });
});

after(() => gate?.stop());

test("the gate of the README asks for a payment, and lets everybody see what is free", async () => {
  const film = await fetch(`${gate.url}/films/1`);
  assert.equal(film.status, 402);
  assert.ok(film.headers.get("payment-required"));
  const page = await fetch(gate.url);
  assert.deepEqual([page.status, await page.text()], [200, "tonight's bill"]);
  assert.equal((await fetch(`${gate.url}/elsewhere`)).status, 404);
});

test("the payer of the README sees the film", async () => {
  const [, example] = await examplesOf("README.md");
  assert.ok(example.includes(SERVER));
  const script = join(HOME, "pay.mjs");
  await writeFile(script, example.replace(SERVER, gate.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 60_000 });
  assert.equal(stdout.trim(), "the film");
});

test("the package's README has the same two examples, among its own", async () => {
  const [ours, packaged] = await Promise.all(["README.md", "pkg-template/README.md"].map(examplesOf));
  assert.equal(ours.length, 2);
  assert.deepEqual(packaged.filter((example) => ours.includes(example)), ours);
});

// The binaries that ship, optimised as they ship, say the same as independent implementations, in every engine (S9).
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { privateKeyToAccount } from "viem/accounts";
import { startWorker } from "../../www/stage/workerd.mjs";
import { inPlaceOf } from "../entries.mjs";
import { openBrowser } from "../e2e/browser.mjs";
import * as vectors from "./vectors.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const own = vectors.payments();
const hostile = vectors.hostile();
const keys = vectors.keys();
const signers = keys.filter((_, place) => place < 20 || place % 50 === 0);
const ASKED = {
  now: vectors.NOW,
  payTo: vectors.PAYEE,
  network: vectors.NETWORK,
  payments: [...own, ...hostile].map(({ header }) => header),
  keys: keys.map(({ key }) => vectors.bytesOf(key)),
  offer: vectors.toHeader({ x402Version: 2, resource: { url: "https://cinema.example/film" }, accepts: [vectors.OFFER] }),
  signers: signers.map(({ key }) => vectors.bytesOf(key)),
};

let home;
before(async () => (home = await mkdtemp(join(tmpdir(), "x402-binaries-"))));
after(() => rm(home, { recursive: true, force: true }));

/** By name: the host that it is for, and the specifier of its payer. */
const BUILDS = { fast: ["node", "x402-wasm"], full: ["browser", "x402-wasm/full"], lean: ["browser", "x402-wasm"] };

/** One script with its modules inside. */
async function bundle(name) {
  const outfile = join(home, `${name}.mjs`);
  const [host, payer] = BUILDS[name];
  const options = { bundle: true, format: "esm", conditions: [host], plugins: [inPlaceOf("x402-wasm", payer)], external: ["node:*"], logLevel: "warning" };
  await build({ entryPoints: [here("asked.js")], outfile, ...options });
  return outfile;
}

const inNode = async (name) => (await import(pathToFileURL(await bundle(name)))).answer(ASKED);

const ENGINES = {
  "Node, compiled for speed": () => inNode("fast"),
  "Node, full payer of a page": () => inNode("full"),
  "Node, payer of a page": () => inNode("lean"),
  "workerd, payer compiled for speed": () => inWorkerd([]),
  "workerd, both compiled for speed": () => inWorkerd([inPlaceOf("x402-wasm/edge", "x402-wasm/edge/fast")]),
  "Chromium, compiled for speed": () => inChromium("fast"),
  "Chromium, full payer of a page": () => inChromium("full"),
  "Chromium, payer of a page": () => inChromium("lean"),
};

async function inWorkerd(plugins) {
  const worker = await startWorker({ entry: here("worker.js"), dataDir: home, plugins });
  try {
    const response = await fetch(worker.url, { method: "POST", body: JSON.stringify(ASKED) });
    assert.equal(response.status, 200);
    return await response.json();
  } finally {
    await worker.stop();
  }
}

async function inChromium(name) {
  const script = await bundle(name);
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    await page.route("https://binaries.example/**", (route) => {
      if (route.request().url().endsWith(".mjs")) return route.fulfill({ path: script, contentType: "text/javascript" });
      return route.fulfill({ body: "<!doctype html>", contentType: "text/html" });
    });
    await page.goto("https://binaries.example/");
    return await page.evaluate(async (asked) => (await import("/asked.mjs")).answer(asked), ASKED);
  } finally {
    await browser.close();
  }
}

for (const [engine, ask] of Object.entries(ENGINES)) {
  test(`s03 s04 s05 s09 the shipped binaries in ${engine} agree with others`, async () => {
    const { verdicts, addresses, paid } = await ask();
    for (const [build, codes] of Object.entries(verdicts)) {
      assert.equal(codes.length, own.length + hostile.length);
      for (const [place, { name, expected }] of own.entries()) assert.equal(codes[place], expected, `${build}: ${name}`);
      for (const [place, { name, verdict }] of hostile.entries()) {
        const code = codes[own.length + place];
        if (verdict !== "policy") assert.equal(code === "", verdict === "accept", `${build}: ${name} is answered with "${code}"`);
      }
    }
    assert.deepEqual(addresses, keys.map(({ address }) => address));
    assert.equal(paid.length, signers.length);
    for (const [place, header] of paid.entries()) await checkSignature(header, signers[place]);
  });
}

/** RFC 6979 leaves no choice: viem's signature over the same text is the same bytes. */
async function checkSignature(header, { key, address }) {
  const { authorization, signature } = JSON.parse(Buffer.from(header, "base64").toString()).payload;
  assert.equal(authorization.from, address);
  assert.equal(signature, await privateKeyToAccount(key).sign({ hash: vectors.digestOf(authorization) }));
}

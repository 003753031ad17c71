// Everything that is measured, one part after the other: `cargo xtask bench [--quick] [--only PART]`.
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { inside } from "./inside/section.mjs";
import { load } from "./load/section.mjs";
import { machine, version } from "./measure/machine.mjs";
import { pages } from "./pages/section.mjs";
import { memory } from "./memory/section.mjs";
import { native } from "./native/section.mjs";
import { write } from "./report/document.mjs";
import { workers } from "./workers/section.mjs";

const PARTS = { inside, workers, load, pages, memory, native };
const PACKAGES = [
  "x402-wasm", "@bitauth/libauth", "tiny-secp256k1", "@noble/curves", "@noble/hashes", "micro-eth-signer", "viem", "ethers",
  "@x402/evm", "@x402/fetch", "@x402/hono", "jose", "hono", "jsonwebtoken", "workerd", "esbuild",
];
/** The packages of x402 v1 lie apart. */
const LEGACY = ["x402-fetch", "x402-hono"];
const LEGACY_HOME = new URL("../tests/interop/legacy/package.json", import.meta.url);
const KEPT = fileURLToPath(new URL("../target/bench/", import.meta.url));

const options = process.argv.slice(2);
const effort = options.includes("--quick") ? "quick" : "full";
const only = options.includes("--only") ? options[options.indexOf("--only") + 1] : undefined;
if (only !== undefined && !(only in PARTS)) throw new Error(`There is no part "${only}". There are: ${Object.keys(PARTS).join(", ")}.`);

const begin = performance.now();
const sections = [];
for (const [name, part] of Object.entries(PARTS)) {
  if (only !== undefined && name !== only) continue;
  const start = performance.now();
  process.stdout.write(`  ${name} … `);
  sections.push(...(await part(effort)));
  console.log(`${((performance.now() - start) / 1_000).toFixed(1)} s`);
}
const minutes = (performance.now() - begin) / 60_000;
const results = { effort, machine: machine(), versions: [...PACKAGES.map((name) => [name, version(name)]), ...LEGACY.map((name) => [name, version(name, LEGACY_HOME)])], minutes, sections };
await mkdir(KEPT, { recursive: true });
await writeFile(`${KEPT}results.json`, JSON.stringify(results, undefined, 1));
for (const { title, tables } of sections) {
  console.log(`\n${title}`);
  for (const table of tables) {
    console.log(`  ${table.title}, ${table.unit}`);
    for (const { name, value, ratio } of table.rows) {
      console.log(`    ${name.padEnd(40)}${value.median.toFixed(1).padStart(12)}${(ratio?.median.toFixed(2) ?? "").padStart(10)}`);
    }
  }
}
// A part alone is a look at it: the document tells of one whole run.
if (only === undefined) await write(results);

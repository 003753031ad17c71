// Everything that is measured, one part after the other: `cargo xtask bench [--quick] [--only PART]`. A whole run writes
// docs/benchmarks.md; a quick one, and a part alone, are looks at it, and write into target/bench/.
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chromium } from "./chromium/section.mjs";
import { inside } from "./inside/section.mjs";
import { load } from "./load/section.mjs";
import { machine } from "./measure/machine.mjs";
import { versions } from "./measure/versions.mjs";
import { memory } from "./memory/section.mjs";
import { native } from "./native/section.mjs";
import { pages } from "./pages/section.mjs";
import { write } from "./report/document.mjs";
import { tell } from "./report/terminal.mjs";
import { workers } from "./workers/section.mjs";

const PARTS = { inside, workers, chromium, load, pages, memory, native };
const folder = (name) => fileURLToPath(new URL(`../${name}/`, import.meta.url));

const { values: options } = parseArgs({ options: { quick: { type: "boolean" }, only: { type: "string" } } });
const chosen = options.only === undefined ? Object.keys(PARTS) : [options.only];
if (!chosen.every((name) => name in PARTS)) throw new Error(`There is no part "${options.only}". There are: ${Object.keys(PARTS).join(", ")}.`);

const effort = options.quick ? "quick" : "full";
const begin = performance.now();
const sections = [];
for (const name of chosen) {
  const start = performance.now();
  process.stdout.write(`  ${name} … `);
  sections.push(...(await PARTS[name](effort)));
  console.log(`${((performance.now() - start) / 1_000).toFixed(1)} s`);
}
const results = { effort, machine: machine(), versions: versions(), minutes: (performance.now() - begin) / 60_000, sections };
tell(results);
const isWhole = effort === "full" && options.only === undefined;
const target = isWhole ? "docs" : "target/bench";
await mkdir(folder("target/bench"), { recursive: true });
await writeFile(`${folder("target/bench")}results.json`, JSON.stringify(results, undefined, 1));
await write(results, folder(target));
console.log(`\n  ${target}/benchmarks.md tells it`);

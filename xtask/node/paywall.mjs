// Bundles what the paywall's page loads, and lays it into the package as text: a gate has no folder to serve files from.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const DIST = fileURLToPath(new URL("../../pkg/dist/", import.meta.url));
const folder = `${DIST}paywall/`;

const wasm = await readFile(`${DIST}wasm/paywall_bg.wasm`);
const names = { wasm: named("payer", wasm, "wasm") };
const script = await bundle("page.js");
const style = await bundle("page.css");
names.script = named("page", script, "js");
names.style = named("page", style, "css");

await writeFile(`${folder}files.js`, `// The names of the page's files.\nexport const files = ${JSON.stringify(names)};\n`);
await writeFile(
  `${folder}files.inline.js`,
  `// The page's files, under names that change with their contents.
import wasm from "../wasm/paywall.inline.js";

const text = (text) => () => text;

export const contents = new Map([
  [${JSON.stringify(names.script)}, { type: "text/javascript; charset=utf-8", bytes: text(${JSON.stringify(script)}) }],
  [${JSON.stringify(names.style)}, { type: "text/css; charset=utf-8", bytes: text(${JSON.stringify(style)}) }],
  [${JSON.stringify(names.wasm)}, { type: "application/wasm", bytes: wasm }],
]);
`,
);

async function bundle(entry) {
  const { outputFiles } = await build({
    entryPoints: [folder + entry],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    define: { WASM_FILE: JSON.stringify(names.wasm) },
    write: false,
    logLevel: "error",
  });
  return outputFiles[0].text.trimEnd();
}

function named(name, contents, end) {
  return `${name}-${createHash("sha256").update(contents).digest("hex").slice(0, 12)}.${end}`;
}

// Measures what a user of the package loads. Answers with JSON; xtask judges it.
import { build } from "esbuild";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const GLUE = /\/dist\/wasm\//;
const STORES = /\/dist\/edge\/(durable-object|sqlite|memory)\.js$/;

// A page or a worker loads a build's script at once, and each of `later`, by the name of its entry point, when it needs it.
async function measure(specifier, conditions) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export * from "${specifier}"`, resolveDir: ROOT, sourcefile: "bundle.js" },
    outdir: ".",
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    platform: "neutral",
    conditions,
    external: ["cloudflare:*", "node:*", "*.wasm"],
    plugins: [withoutInlineModule],
    metafile: true,
    write: false,
    logLevel: "error",
  });
  const texts = new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]));
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]));
  const [entry] = [...outputs].find(([, { entryPoint }]) => entryPoint?.includes("bundle.js") || entryPoint === "<stdin>");
  const atOnce = closure(outputs, [entry]);
  const isNew = (path) => !atOnce.includes(path);
  const later = [...outputs].filter(([path, { entryPoint }]) => entryPoint && isNew(path));
  const weigh = (paths) => {
    const notByHand = paths
      .flatMap((path) => Object.entries(outputs.get(path).inputs))
      .filter(([path]) => GLUE.test(path) || STORES.test(path))
      .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
    const script = Buffer.concat(paths.map((path) => texts.get(path)));
    return { script: sizes(script), handWritten: script.length - notByHand };
  };
  const entries = later.map(([path, { entryPoint }]) => [basename(entryPoint).split(".")[0], weigh(closure(outputs, [path]).filter(isNew))]);
  return { ...weigh(atOnce), later: Object.fromEntries(entries) };
}

function closure(outputs, paths) {
  for (const path of paths) {
    const imported = outputs.get(path).imports.filter(({ kind }) => kind === "import-statement").map((own) => basename(own.path));
    paths.push(...imported.filter((own) => outputs.has(own) && !paths.includes(own)));
  }
  return paths;
}

// What a person's browser loads of a page, as it travels; the wasm is counted beside it.
async function measurePage() {
  const { paywall } = await import(`${ROOT}pkg/dist/paywall/index.js`);
  const { contents } = await import(`${ROOT}pkg/dist/paywall/files.inline.js`);
  const texts = [...contents.values()].filter(({ type }) => type.startsWith("text/")).map(({ bytes }) => bytes());
  const parts = [paywall().page, ...texts].map((text) => sizes(Buffer.from(text)).brotli);
  return { brotli: parts.reduce((sum, part) => sum + part, 0) };
}

const module = (door) => ({ wasm: sizes(readFileSync(`${ROOT}pkg/dist/wasm/${door}_bg.wasm`)) });

// The module is weighed by itself, as it travels: not as text in a script.
const withoutInlineModule = {
  name: "without-inline-module",
  setup(builder) {
    builder.onLoad({ filter: /\.inline\.js$/ }, ({ path }) =>
      GLUE.test(path) ? { contents: "export default () => new Uint8Array()" } : undefined,
    );
  },
};

function sizes(bytes) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return {
    raw: bytes.length,
    brotli: brotliCompressSync(bytes, { params }).length,
    gzip: gzipSync(bytes, { level: 9 }).length,
  };
}

const { later: payerLater, ...payer } = await measure("x402-wasm", []);
const { later: fullPayer, ...payerOthers } = payerLater;
const { later: fullLater, ...full } = await measure("x402-wasm/full", []);
const { later: workerLater, ...workerPayer } = await measure("x402-wasm", ["workerd"]);
const { later: { cashier: _, ...nodeLater }, ...nodeGate } = await measure("x402-wasm/edge", ["node"]);
const { later, ...gate } = await measure("x402-wasm/edge", ["workerd"]);
const { later: leanLater, ...leanGate } = await measure("x402-wasm/edge/lean", ["workerd"]);
const { later: facilitatorLater, ...facilitator } = await measure("x402-wasm/facilitator", ["workerd"]);
const { cashier, "full-gate": fullGate, ...others } = later;
const uncounted = Object.keys({ ...payerOthers, ...fullLater, ...workerLater, ...nodeLater, ...leanLater, ...facilitatorLater, ...others });
if (uncounted.length > 0) throw new Error(`loaded later, and nobody counts it: ${uncounted.join(", ")}`);

console.log(
  JSON.stringify({
    paywall: { ...module("paywall"), ...(await measurePage()) },
    browser: { ...module("browser"), ...payer },
    full: { ...module("full"), ...full },
    fastPayer: { ...module("full-fast"), ...workerPayer },
    fullPayer: { ...module("full"), ...fullPayer },
    edge: { ...module("edge"), ...gate },
    leanGate: { ...module("edge"), ...leanGate },
    fullGate: { ...module("edge-full"), ...fullGate },
    fastGate: { ...module("edge-full-fast"), ...nodeGate },
    cashier: { ...module("cashier"), ...cashier },
    facilitator: { ...module("cashier"), ...facilitator },
  }),
);

// Measures what a user of the package loads. Answers with JSON; xtask judges it.
import { build } from "esbuild";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const GLUE = /\/dist\/wasm\//;
const STORES = /\/dist\/edge\/(durable-object|sqlite|memory)\.js$/;

async function measure(door, specifier, conditions) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export * from "${specifier}"`, resolveDir: ROOT },
    outfile: "bundle.js",
    bundle: true,
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
  const script = outputFiles[0].contents;
  const [{ inputs }] = Object.values(metafile.outputs);
  const notByHand = Object.entries(inputs)
    .filter(([path]) => GLUE.test(path) || STORES.test(path))
    .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
  return {
    wasm: sizes(readFileSync(`${ROOT}pkg/dist/wasm/${door}_bg.wasm`)),
    script: sizes(script),
    handWritten: script.length - notByHand,
  };
}

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

console.log(
  JSON.stringify({
    browser: await measure("browser", "x402-wasm", []),
    edge: await measure("edge", "x402-wasm/edge", ["workerd"]),
    facilitator: await measure("facilitator", "x402-wasm/facilitator", ["workerd"]),
  }),
);

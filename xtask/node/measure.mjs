// Measures what a user of the package loads. Answers with JSON; xtask judges it.
import { build } from "esbuild";
import { readFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const ROOT = new URL("../../", import.meta.url).pathname;
const STORES = /\/dist\/edge\/(durable-object|sqlite|memory)\.js$/;
const GLUE = /\/dist\/wasm\//;

async function measure(name, specifier, entryConditions) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export * from "${specifier}"`, resolveDir: ROOT },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "neutral",
    conditions: entryConditions,
    external: ["cloudflare:*", "node:*"],
    // The module is weighed by itself, as it travels: not as text in a script.
    plugins: [{ name: "no-wasm", setup: (b) => {
      b.onResolve({ filter: /\.wasm$/ }, ({ path }) => ({ path, external: true }));
      b.onLoad({ filter: /\.inline\.js$/ }, () => ({ contents: "export default () => new Uint8Array()" }));
    } }],
    outfile: "bundle.js",
    write: false,
    metafile: true,
    logLevel: "error",
    preserveSymlinks: true,
  });
  const script = outputFiles[0].contents;
  const [{ inputs }] = Object.values(metafile.outputs);
  const weight = (matches) => Object.entries(inputs).reduce((sum, [path, { bytesInOutput }]) => sum + (matches(`/${path}`) ? bytesInOutput : 0), 0);
  const wasm = readFileSync(`${ROOT}pkg/dist/wasm/${name}_bg.wasm`);
  return {
    wasm: sizes(wasm),
    script: sizes(script),
    // Whatever is not glue or a store was written by hand.
    handWritten: script.length - weight((path) => GLUE.test(path) || STORES.test(path)),
  };
}

const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;
const gzip = (bytes) => gzipSync(bytes, { level: 9 }).length;
const sizes = (bytes) => ({ raw: bytes.length, brotli: brotli(bytes), gzip: gzip(bytes) });

console.log(JSON.stringify({
  browser: await measure("browser", "x402-wasm", []),
  edge: await measure("edge", "x402-wasm/edge", ["workerd"]),
}));

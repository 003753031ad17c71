// The bytes that a front end pays: script and module, as a server sends them.
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { bundle } from "./bundle.mjs";

const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;
const gzip = (bytes) => gzipSync(bytes, { level: 9 }).length;

export async function bytesTable(entries) {
  const rows = [];
  for (const entry of entries) {
    const { script, module } = await bundle(entry);
    const files = module ? [script, module] : [script];
    const sum = (weigh) => files.reduce((total, file) => total + weigh(file), 0);
    const value = exactly(sum(brotli));
    rows.push({ name: entry.name, isOurs: entry.isOurs, value, beside: exactly(sum(gzip)), ratio: exactly(value.median) });
  }
  const ours = rows[0].value.median;
  for (const row of rows) row.ratio = exactly(row.value.median / ours);
  return {
    id: "bytes",
    title: "What a page loads to pay",
    work: "The smallest script that pays for a fetch with a key of its own, by esbuild, minified; with its wasm.",
    goals: [{ most: 40_000, unit: "bytes" }],
    unit: "bytes, brotli",
    aside: "gzip",
    rows,
  };
}

const exactly = (value) => ({ low: value, median: value, high: value });

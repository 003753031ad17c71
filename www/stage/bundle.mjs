// Bundles a worker the way an edge host does: scripts in one module, every .wasm beside it as a module of its own.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { basename, join } from "node:path";

/** Writes `worker.js` and its wasm modules into `outDir`; answers with their names and what the worker exports. */
export async function bundleWorker(entry, outDir, plugins = []) {
  await mkdir(outDir, { recursive: true });
  const wasm = new Map();
  const { metafile } = await build({
    entryPoints: [entry],
    outfile: join(outDir, "worker.js"),
    bundle: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["workerd"],
    // Packages for Node write "url" for what a worker knows as "node:url".
    alias: Object.fromEntries(builtinModules.map((name) => [name, `node:${name}`])),
    external: ["cloudflare:*", "node:*"],
    metafile: true,
    logLevel: "warning",
    plugins: [...plugins, keepWasmApart(wasm)],
  });
  await Promise.all([...wasm].map(([path, name]) => copyFile(path, join(outDir, name))));
  const [{ exports }] = Object.values(metafile.outputs);
  return { script: "worker.js", wasm: [...wasm.values()], exports };
}

// workerd refuses to compile bytes at run time, so a module must reach it as a module.
function keepWasmApart(wasm) {
  return {
    name: "keep-wasm-apart",
    setup(builder) {
      builder.onResolve({ filter: /\.wasm(\?module)?$/ }, async ({ path, kind, resolveDir, pluginData }) => {
        if (pluginData === "resolving") return undefined;
        const plain = path.replace(/\?module$/, "");
        const found = await builder.resolve(plain, { kind, resolveDir, pluginData: "resolving" });
        if (found.errors.length > 0) return found;
        const digest = createHash("sha256").update(await readFile(found.path)).digest("hex").slice(0, 8);
        const name = `${digest}-${basename(found.path)}`;
        wasm.set(found.path, name);
        return { path: `./${name}`, external: true };
      });
    },
  };
}

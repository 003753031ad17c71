// Bundles as a front end bundles: one minified script, and a module beside it where there is one.
import { build } from "esbuild";
import { readFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { fileURLToPath } from "node:url";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** The script's bytes, and those of the module that it fetches. */
export async function bundle({ file, beside }) {
  const { outputFiles } = await build({
    entryPoints: [here(`entries/${file}`)],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
    // Some peers name what only Node has, behind a condition that no page meets. And what a page loads when it is needed
    // is a script of its own.
    external: [...builtinModules.flatMap((name) => [name, `node:${name}`]), "./later.*.js"],
    write: false,
    logLevel: "error",
  });
  const module = beside && (await readFile(here(`../../pkg/dist/wasm/${beside}`)));
  return { script: Buffer.from(outputFiles[0].contents), module };
}

// The modules that ship, opened as the package's own shell opens them. Scripts of this package only: a gate or a payer
// that is used through its public door is one that sends requests, and these contests have nobody to send them to.
import { readFileSync } from "node:fs";

const folder = new URL("dist/", import.meta.resolve("x402-wasm/package.json"));

/** The glue of a build, with its module inside. */
export async function open(build) {
  const module = readFileSync(new URL(`wasm/${build}_bg.wasm`, folder));
  if (build === "browser") {
    const { instantiate } = await import(new URL("payer/instance.js", folder));
    const call = instantiate(new WebAssembly.Module(module));
    return { call: (bytes) => call("call", bytes), wallet_import: (key) => call("wallet_import", key) };
  }
  const glue = await import(new URL(`wasm/${build}.js`, folder));
  glue.initSync({ module });
  return glue;
}

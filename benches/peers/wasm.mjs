// The modules that ship for this host, opened as the package's own shell opens them. Scripts of this package only: a gate or a
// payer that is used through its public door is one that sends requests, and these contests have nobody to send them to.
import { readFileSync } from "node:fs";

const folder = new URL("dist/", import.meta.resolve("x402-wasm/package.json"));
const bytes = (build) => readFileSync(new URL(`wasm/${build}_bg.wasm`, folder));

/** By the entry that they belong to: the exports of the gate's module; `gateOpen` wants these options on top. */
export const GATES = {
  "x402-wasm": async () => {
    const glue = await import(new URL("wasm/edge-full.js", folder));
    glue.initSync({ module: bytes("edge-full-fast") });
    return { ...glue, options: { seed: crypto.randomUUID() } };
  },
};

/** Calls the payer's module with bytes. */
export async function openPayer() {
  const { instantiate } = await import(new URL("payer/instance.js", folder));
  return instantiate(new WebAssembly.Module(bytes("full-fast")));
}

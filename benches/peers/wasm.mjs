// The modules that ship, opened as the package's own shell opens them. Scripts of this package only: a gate or a payer
// that is used through its public door is one that sends requests, and these contests have nobody to send them to.
import { readFileSync } from "node:fs";

const folder = new URL("dist/wasm/", import.meta.resolve("x402-wasm/package.json"));

/** The glue of a build, with its module inside. */
export async function open(build) {
  // Both payers share one.
  const glue = await import(new URL(`${build === "full" ? "browser" : build}.js`, folder));
  glue.initSync({ module: readFileSync(new URL(`${build}_bg.wasm`, folder)) });
  return glue;
}

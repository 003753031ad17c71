// x402-wasm in Node, Deno and Bun, where nobody waits for a download: the full build, compiled for speed. The wasm comes
// along as text, so that no bundler has to know about it.
import { loadFrom } from "../payer/wasm.js";
import bytes from "../wasm/full-fast.inline.js";

loadFrom(bytes, 2);

export * from "../payer/index.js";

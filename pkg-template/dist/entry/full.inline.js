// x402-wasm/full, and x402-wasm itself where nobody waits for a download: the wasm comes along as text.
import { loadFrom } from "../payer/wasm.js";
import bytes from "../wasm/full.inline.js";

loadFrom(bytes, 2);

export * from "../payer/index.js";

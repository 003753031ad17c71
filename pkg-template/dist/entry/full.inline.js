// x402-wasm/full in a page. The wasm comes along as text, so no bundler has to know about it.
import { loadFrom } from "../payer/wasm.js";
import bytes from "../wasm/full.inline.js";

loadFrom(bytes, 2);

export * from "../payer/index.js";

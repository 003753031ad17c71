// x402-wasm in a page: the small build. Its wasm comes along as text, so no bundler has to know about it.
import { loadFrom } from "../payer/wasm.js";
import bytes from "../wasm/browser.inline.js";

loadFrom(bytes);

export * from "../payer/index.js";

// x402-wasm in a page: the small build, and the full one where it is needed. The wasm comes along as text, so no bundler
// has to know about it.
import { loadFrom, loadFullWith } from "../payer/wasm.js";
import bytes from "../wasm/browser.inline.js";

loadFrom(bytes);
loadFullWith(() => import("./later.inline.js"));

export * from "../payer/index.js";

// x402-wasm/url: the wasm is a file beside the scripts, fetched by `await init()`.
import { loadLaterFrom } from "../payer/wasm.js";

loadLaterFrom(() => fetch(new URL("../wasm/browser_bg.wasm", import.meta.url)));

export * from "../payer/index.js";

// x402-wasm/url: the wasm is a file beside the scripts, fetched by `await init()`.
import { loadFullWith, loadLaterFrom } from "../payer/wasm.js";

loadLaterFrom(() => fetch(new URL("../wasm/browser_bg.wasm", import.meta.url)));
loadFullWith(() => import("./later.url.js"));

export * from "../payer/index.js";

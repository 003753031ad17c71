// x402-wasm in workerd, where wasm is a module of the bundle and bytes may not be compiled.
import { loadFrom } from "../payer/wasm.js";
import module from "../wasm/browser_bg.wasm";

loadFrom(() => module);

export * from "../payer/index.js";

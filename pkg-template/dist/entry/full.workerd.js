// x402-wasm in workerd, where wasm is a module of the bundle and bytes may not be compiled. Nobody downloads a worker: it
// is always the full build, compiled for speed.
import { loadFrom } from "../payer/wasm.js";
import module from "../wasm/full-fast_bg.wasm";

loadFrom(() => module, 2);

export * from "../payer/index.js";

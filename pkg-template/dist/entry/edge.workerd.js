// x402-wasm/edge in workerd, where wasm is a module of the bundle and bytes may not be compiled.
import * as glue from "../wasm/edge.js";
import module from "../wasm/edge_bg.wasm";
import { loadFrom } from "../edge/wasm.js";

loadFrom(glue, () => module);

export * from "../edge/index.js";

// x402-wasm/edge in workerd, where wasm is a module of the bundle and bytes may not be compiled.
import * as glue from "../wasm/edge.js";
import module from "../wasm/edge_bg.wasm";
import { loadWith } from "../edge/later.js";
import { gateBuild } from "../edge/wasm.js";

gateBuild.loadFrom(glue, () => module);
loadWith({ cashier: () => import("./cashier.workerd.js"), fullGate: () => import("./full-gate.workerd.js") });

export * from "../edge/index.js";

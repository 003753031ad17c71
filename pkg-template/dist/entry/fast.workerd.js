// x402-wasm/edge/fast in workerd: the full gate, compiled for speed, in place of the lean one and the full one behind it.
import * as glue from "../wasm/edge-full.js";
import module from "../wasm/edge-full-fast_bg.wasm";
import { FULL_GATE } from "../edge/full-gate.js";
import { startWith } from "../edge/gate.js";
import { loadWith } from "../edge/later.js";
import { fullGateBuild } from "../edge/wasm.js";

fullGateBuild.loadFrom(glue, () => module);
startWith(FULL_GATE);
loadWith({ cashier: () => import("./cashier.workerd.js") });

export * from "../edge/index.js";

// x402-wasm/edge everywhere else: the wasm comes along as text, so no bundler has to know about it.
import * as glue from "../wasm/edge.js";
import bytes from "../wasm/edge.inline.js";
import { loadWith } from "../edge/later.js";
import { gateBuild } from "../edge/wasm.js";

gateBuild.loadFrom(glue, bytes);
loadWith({ cashier: () => import("./cashier.inline.js"), fullGate: () => import("./full-gate.inline.js") });

export * from "../edge/index.js";

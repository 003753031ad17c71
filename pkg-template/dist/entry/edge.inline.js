// x402-wasm/edge in a page or a service worker, and wherever nothing else is known: the wasm comes along as text, so no bundler has to know about it.
import * as glue from "../wasm/edge.js";
import bytes from "../wasm/edge.inline.js";
import { loadWith } from "../edge/later.js";
import { gateBuild } from "../edge/wasm.js";

gateBuild.loadFrom(glue, bytes);
loadWith({ cashier: () => import("./cashier.inline.js"), fullGate: () => import("./full-gate.inline.js") });

export * from "../edge/index.js";

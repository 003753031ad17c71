// x402-wasm/edge in Node, Deno and Bun, where a gate starts once and answers for long: the full one, compiled for speed. The
// wasm comes along as text, so that no bundler has to know about it.
import * as glue from "../wasm/edge-full.js";
import bytes from "../wasm/edge-full-fast.inline.js";
import { FULL_GATE } from "../edge/full-gate.js";
import { startWith } from "../edge/gate.js";
import { loadWith } from "../edge/later.js";
import { fullGateBuild } from "../edge/wasm.js";

fullGateBuild.loadFrom(glue, bytes);
startWith(FULL_GATE);
loadWith({ cashier: () => import("./cashier.inline.js") });

export * from "../edge/index.js";

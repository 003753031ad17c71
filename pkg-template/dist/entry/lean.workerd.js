// x402-wasm/edge/lean in workerd: the gate's module is the only one of its bundle, because workerd compiles at its start all
// that it is given.
import * as glue from "../wasm/edge.js";
import module from "../wasm/edge_bg.wasm";
import { loadWith } from "../edge/later.js";
import { leftOut } from "../edge/lean.js";
import { gateBuild } from "../edge/wasm.js";

gateBuild.loadFrom(glue, () => module);
loadWith({}, leftOut);

export { X402Error } from "../errors.js";
export { createGate } from "../edge/lean.js";
export { elsewhere, facilitator, none, relayer } from "../edge/settle.js";

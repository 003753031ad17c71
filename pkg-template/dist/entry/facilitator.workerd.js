// x402-wasm/facilitator in workerd, where wasm is a module of the bundle and bytes may not be compiled.
import * as glue from "../wasm/facilitator.js";
import module from "../wasm/facilitator_bg.wasm";
import { loadFrom } from "../edge/wasm.js";

loadFrom(glue, () => module);

export { createFacilitator } from "../edge/facilitator.js";
export { relayer } from "../edge/settle.js";
export { X402Error } from "../errors.js";

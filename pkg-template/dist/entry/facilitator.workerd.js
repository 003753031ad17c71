// x402-wasm/facilitator in workerd, where wasm is a module of the bundle and bytes may not be compiled.
import * as cashier from "./cashier.workerd.js";
import { loadWith } from "../edge/later.js";

loadWith({ cashier: () => cashier });

export { createFacilitator } from "../edge/facilitator.js";
export { relayer } from "../edge/settle.js";
export { X402Error } from "../errors.js";

// x402-wasm/facilitator everywhere else: the wasm comes along as text, so no bundler has to know about it.
import * as cashier from "./cashier.inline.js";
import { loadWith } from "../edge/later.js";

loadWith({ cashier: () => cashier });

export { createFacilitator } from "../edge/facilitator.js";
export { relayer } from "../edge/settle.js";
export { X402Error } from "../errors.js";

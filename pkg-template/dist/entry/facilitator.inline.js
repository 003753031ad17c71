// x402-wasm/facilitator everywhere else: the wasm comes along as text, so no bundler has to know about it.
import * as glue from "../wasm/facilitator.js";
import bytes from "../wasm/facilitator.inline.js";
import { loadFrom } from "../edge/wasm.js";

loadFrom(glue, bytes);

export { createFacilitator } from "../edge/facilitator.js";
export { relayer } from "../edge/settle.js";
export { X402Error } from "../errors.js";

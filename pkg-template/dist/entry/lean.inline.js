// x402-wasm/edge/lean everywhere else: the wasm comes along as text, so no bundler has to know about it.
import * as glue from "../wasm/edge.js";
import bytes from "../wasm/edge.inline.js";
import { loadWith } from "../edge/later.js";
import { leftOut } from "../edge/lean.js";
import { gateBuild } from "../edge/wasm.js";

gateBuild.loadFrom(glue, bytes);
loadWith({}, leftOut);

export { X402Error } from "../errors.js";
export { createGate } from "../edge/lean.js";
export { elsewhere, facilitator, none, relayer } from "../edge/settle.js";

// x402-wasm/edge everywhere else: the wasm comes along as text, so no bundler has to know about it.
import * as glue from "../wasm/edge.js";
import bytes from "../wasm/edge.inline.js";
import { loadFrom } from "../edge/wasm.js";

loadFrom(glue, bytes);

export * from "../edge/index.js";

// The full gate, everywhere else: loaded where a configuration asks for more than the lean one does.
import * as glue from "../wasm/edge-full.js";
import bytes from "../wasm/edge-full.inline.js";
import { fullGateBuild } from "../edge/wasm.js";

fullGateBuild.loadFrom(glue, bytes);

export { FULL_GATE } from "../edge/full-gate.js";

// The full gate, in workerd: loaded where a configuration asks for more than the lean one does.
import * as glue from "../wasm/edge-full.js";
import module from "../wasm/edge-full_bg.wasm";
import { fullGateBuild } from "../edge/wasm.js";

fullGateBuild.loadFrom(glue, () => module);

export { FULL_GATE } from "../edge/full-gate.js";

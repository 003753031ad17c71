// In place of ../peers/wasm.mjs.
import fullModule from "../../pkg/dist/wasm/full_bg.wasm";
import * as payer from "../../pkg/dist/wasm/browser.js";
import edgeModule from "../../pkg/dist/wasm/edge_bg.wasm";
import * as edge from "../../pkg/dist/wasm/edge.js";

const BUILDS = { full: [payer, fullModule], edge: [edge, edgeModule] };

export async function open(build) {
  const [glue, module] = BUILDS[build];
  glue.initSync({ module });
  return glue;
}

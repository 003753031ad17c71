// In place of ../peers/wasm.mjs.
import browserModule from "../../pkg/dist/wasm/browser_bg.wasm";
import * as browser from "../../pkg/dist/wasm/browser.js";
import edgeModule from "../../pkg/dist/wasm/edge_bg.wasm";
import * as edge from "../../pkg/dist/wasm/edge.js";

const BUILDS = { browser: [browser, browserModule], edge: [edge, edgeModule] };

export async function open(build) {
  const [glue, module] = BUILDS[build];
  glue.initSync({ module });
  return glue;
}

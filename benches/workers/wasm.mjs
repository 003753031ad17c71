// In place of ../peers/wasm.mjs.
import { instantiate } from "../../pkg/dist/payer/instance.js";
import browserModule from "../../pkg/dist/wasm/browser_bg.wasm";
import edgeModule from "../../pkg/dist/wasm/edge_bg.wasm";
import * as edge from "../../pkg/dist/wasm/edge.js";

export async function open(build) {
  if (build === "browser") {
    const call = instantiate(browserModule);
    return { call: (bytes) => call("call", bytes), wallet_import: (key) => call("wallet_import", key) };
  }
  edge.initSync({ module: edgeModule });
  return edge;
}

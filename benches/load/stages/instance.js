// The gate's module, instantiated with its glue.
import module from "../../../pkg/dist/wasm/edge_bg.wasm";
import { initSync } from "../../../pkg/dist/wasm/edge.js";

export default {
  fetch() {
    initSync({ module });
    return new Response("the film");
  },
};

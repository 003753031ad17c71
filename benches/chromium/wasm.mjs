// In place of ../peers/wasm.mjs: the modules that a page and a service worker load.
import { instantiate } from "../../pkg/dist/payer/instance.js";
import payerModule from "../../pkg/dist/wasm/browser_bg.wasm";
import gateModule from "../../pkg/dist/wasm/edge_bg.wasm";
import * as glue from "../../pkg/dist/wasm/edge.js";

export const GATES = {
  "x402-wasm": () => {
    glue.initSync({ module: gateModule });
    return { ...glue, options: {} };
  },
};

export const openPayer = async () => instantiate(new WebAssembly.Module(payerModule));

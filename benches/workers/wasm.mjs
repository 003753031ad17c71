// In place of ../peers/wasm.mjs: the modules that ship for workerd.
import { instantiate } from "../../pkg/dist/payer/instance.js";
import gateModule from "../../pkg/dist/wasm/edge_bg.wasm";
import * as glue from "../../pkg/dist/wasm/edge.js";
import payerModule from "../../pkg/dist/wasm/full-fast_bg.wasm";

export async function openGate() {
  glue.initSync({ module: gateModule });
  return { ...glue, options: {} };
}

export const openPayer = async () => instantiate(payerModule);

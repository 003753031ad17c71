// In place of ../peers/wasm.mjs: the modules that ship for workerd.
import { instantiate } from "../../pkg/dist/payer/instance.js";
import fastModule from "../../pkg/dist/wasm/edge-full-fast_bg.wasm";
import * as fullGlue from "../../pkg/dist/wasm/edge-full.js";
import leanModule from "../../pkg/dist/wasm/edge_bg.wasm";
import * as leanGlue from "../../pkg/dist/wasm/edge.js";
import payerModule from "../../pkg/dist/wasm/full-fast_bg.wasm";

const open = (glue, module, options) => () => {
  glue.initSync({ module });
  return { ...glue, options };
};

export const GATES = {
  "x402-wasm": open(leanGlue, leanModule, {}),
  "x402-wasm/edge/fast": open(fullGlue, fastModule, { seed: "only extensions draw on it" }),
};

export const openPayer = async () => instantiate(payerModule);

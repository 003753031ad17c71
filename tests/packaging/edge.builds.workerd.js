// The same gates in workerd, which says of which modules there are instances.
import { durableObject } from "x402-wasm/edge/durable-object";
import edge from "x402-wasm/edge.wasm";
import full from "x402-wasm/edge-full.wasm";
import fast from "../../pkg/dist/wasm/edge-full-fast_bg.wasm";
import cashier from "x402-wasm/cashier.wasm";
import gates from "./edge.builds.worker.js";

export { Ledger } from "x402-wasm/edge/durable-object";

const NAMES = new Map([[edge, "edge"], [full, "edge-full"], [fast, "edge-full-fast"], [cashier, "cashier"]]);
const instances = new Set();

WebAssembly.Instance = class extends WebAssembly.Instance {
  constructor(module, imports) {
    super(module, imports);
    instances.add(NAMES.get(module) ?? "another");
  }
};

export default {
  fetch(request, env, ctx) {
    if (new URL(request.url).pathname === "/instances") return Response.json([...instances].sort());
    return gates.fetch(request, { ledger: durableObject(env.LEDGER) }, ctx);
  },
};

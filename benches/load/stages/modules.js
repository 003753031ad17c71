// All modules that a bundle of the gate holds: those of the full gate and the cashier are there to be loaded later.
import cashier from "../../../pkg/dist/wasm/cashier_bg.wasm";
import full from "../../../pkg/dist/wasm/edge-full_bg.wasm";
import module from "../../../pkg/dist/wasm/edge_bg.wasm";

export default { fetch: () => new Response(String([cashier, full, module].length)) };

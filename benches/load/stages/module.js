// The gate's module, imported and left alone: what a host does with it before anybody asks.
import module from "../../../pkg/dist/wasm/edge_bg.wasm";

export default { fetch: () => new Response(String(module instanceof WebAssembly.Module)) };

// The whole bundle of the lean entry, loaded and not asked: it has the gate's module alone.
import { createGate } from "x402-wasm/edge/lean";
import { memory } from "x402-wasm/edge/memory";

export default { fetch: () => new Response([createGate, memory].map(({ name }) => name).join()) };

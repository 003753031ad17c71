// The whole bundle of the gate, loaded and not asked: its modules are not instantiated.
import { createGate } from "x402-wasm/edge";
import { memory } from "x402-wasm/edge/memory";

export default { fetch: () => new Response([createGate, memory].map(({ name }) => name).join()) };

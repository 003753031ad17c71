// The whole bundle of the fast entry, loaded and not asked: it has that module, and the cashier's.
import { createGate } from "x402-wasm/edge/fast";
import { memory } from "x402-wasm/edge/memory";

export default { fetch: () => new Response([createGate, memory].map(({ name }) => name).join()) };

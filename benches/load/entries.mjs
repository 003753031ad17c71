// Our entry points for workers: their names, and the workers here that import from them.

/** What most users have. */
export const WHOLE = ["x402-wasm", "ours"];
/** With the one module that is compiled for speed. */
export const FAST = ["x402-wasm/edge/fast", "fast"];
/** For workers that check and sell, and leave cashing to another one. */
export const LEAN = ["x402-wasm/edge/lean", "lean"];

export const isOurs = (worker) => [WHOLE, FAST, LEAN].some(([, own]) => own === worker);

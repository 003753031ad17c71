export { X402Error } from "./errors.js";
export * from "./payer/types.js";

/**
 * Compiles the wasm off the main thread. Optional: without it the first call compiles it on the spot, except from
 * `x402-wasm/url`, where it fetches the module first.
 */
export declare function init(): Promise<void>;

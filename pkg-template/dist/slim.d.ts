export { X402Error } from "./errors.js";
export * from "./payer/types.js";

/**
 * Takes the module `x402-wasm/browser.wasm`, compiled or as bytes or as the response to a fetch of it; or
 * `x402-wasm/full.wasm`, for wallets outside and the options of the full build. Needed before anything else; a second call
 * changes nothing.
 */
export declare function init(module: WebAssembly.Module | BufferSource | Response | PromiseLike<Response>): Promise<void>;

// x402-wasm/slim: without wasm. Whoever builds the application passes it to `init(module)`.
export * from "./payer/index.js";

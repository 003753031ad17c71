import "x402-wasm/paywall-element";

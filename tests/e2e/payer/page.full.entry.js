// The same page with the full build.
import "x402-wasm/full";

export * from "./page.entry.js";
export { exportHistory, history } from "x402-wasm/history";

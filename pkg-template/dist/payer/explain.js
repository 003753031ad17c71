// x402-wasm/explain: what is to be signed, in words and units.
import { build } from "./wasm.js";

/** @param subject an offer as a payer tells it, or the typed data of a payment */
export const explain = (subject, { assets } = {}) => build.call("explain", { options: { assets }, subject }).document;

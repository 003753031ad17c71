import { build } from "./wasm.js";

const decode = (header) => build.call("decode_header", { header }).document;

// Every x402 header is base64 of one JSON document; the last name is that of the v1 packages.
export {
  decode as decodePaymentRequiredHeader,
  decode as decodePaymentResponseHeader,
  decode as decodePaymentSignatureHeader,
  decode as decodeXPaymentResponse,
};

import { call } from "./wasm.js";

const decode = (header) => call("decode_header", header).document;

export { decode as decodePaymentRequiredHeader, decode as decodePaymentResponseHeader, decode as decodePaymentSignatureHeader };

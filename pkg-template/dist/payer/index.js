export { X402Error } from "../errors.js";
export {
  decodePaymentRequiredHeader,
  decodePaymentResponseHeader,
  decodePaymentSignatureHeader,
  decodeXPaymentResponse,
} from "./headers.js";
export { createPayer, wrapFetchWithPayment } from "./payer.js";
export { LocalWallet, ProviderWallet } from "./wallets.js";
export { init } from "./wasm.js";

// x402-wasm/history: what a payer has paid, to look back at, to keep in a file, and to take back.
import { inside } from "../payer/payer.js";

/** Every payment that the payer remembers, the oldest first. */
export const history = (payer) => inside(payer).call("payer_history").document;

/** The same as the text of a file, "json" or "csv". */
export function exportHistory(payer, format = "json") {
  if (format === "json") return `${JSON.stringify(history(payer), null, 2)}\n`;
  return inside(payer).call("payer_history", { format }).document;
}

/** Has the wallet sign that a pending payment is taken back. Answers with the transaction that does it. */
export async function cancelAuthorization(payer, nonce) {
  const { call, sign } = inside(payer);
  const typedData = call("payer_cancel", { nonce }).document;
  return call("payer_cancel", { nonce, ...(await sign({ typedData })) }).document;
}

import type { Address, Network, Payer, Payment, Seconds } from "./payer/types.js";

/** A payment, as its payer looks back at it. */
export interface PastPayment extends Omit<Payment, "typedData"> {
  /** When it was signed. */
  at: Seconds;
  /**
   * `pending`: signed, and not answered yet. `honoured`: served, or a ticket was sold for it. `refused`: by the server, which
   * could cash it all the same until `validBefore`. `unknown`: expired without an answer. All of them count as spent.
   */
  state: "pending" | "honoured" | "refused" | "unknown";
  /** The transfer on the chain, where the server named one. It is the server's word. */
  transaction?: `0x${string}`;
  /** The `jti` of the ticket that it bought. */
  ticket?: string;
}

/**
 * The last 100 payments, the oldest first; from the payer's store, where it has one. For the full build: in a page, create
 * the payer with `x402-wasm/full`.
 */
export declare function history(payer: Payer): PastPayment[];

/** The same as the text of a file. In CSV (RFC 4180) times are in UTC, and no cell is a formula. */
export declare function exportHistory(payer: Payer, format?: "json" | "csv"): string;

/**
 * Has the wallet sign that a payment which is pending is taken back (`CancelAuthorization` of ERC-3009). Anybody may send the
 * transaction, and pays the gas for it; until it is on the chain the payment can still be cashed, so it counts as spent.
 */
export declare function cancelAuthorization(
  payer: Payer,
  nonce: `0x${string}`,
): Promise<{ network: Network; to: Address; data: `0x${string}` }>;

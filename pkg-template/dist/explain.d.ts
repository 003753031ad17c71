import type { Address, Asset, Offer, TypedData, Units } from "./payer/types.js";

/**
 * Explains an offer, or the typed data that a wallet is asked to sign, for a person to read: the same payment in the same
 * words. Amounts and symbols are those of our own table and of `assets`, never the server's.
 */
export declare function explain(subject: Offer | TypedData, options?: { assets?: readonly Asset[] }): Explanation;

export interface Explanation {
  /** A sentence or two. */
  text: string;
  /** Absent where the asset is not known. */
  amount?: Units;
  symbol?: string;
  /** The chain's name, or its CAIP-2 id. */
  chain: string;
  /** Whether the chain is known to be for tests. */
  isTest: boolean;
  payTo: Address;
  /** When the signature ends to be good, in UTC. */
  until?: string;
}

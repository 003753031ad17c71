import type { Asset, Offer, Payer, Seconds, Store, Units } from "./payer/types.js";

/**
 * `<x402-paywall src="…">`: shows what is at `src`, and where that is a 402, its price and one button. Attributes: `src`;
 * `burner`, which offers a wallet that is gone with the page; `faucet`, a URL that puts test money into it; `texts`,
 * translations as JSON by language. Looks: `--accent`, `--paper`, `--ink`, `--line` and their like.
 */
export declare class Paywall extends HTMLElement {
  /** The site's own payer: then no wallet is asked for, and its budget counts. */
  payer?: Payer;
  /** Keeps what was signed until it is answered, as a payer's. */
  store?: Store;
  /** Asks again for what is at `src`. */
  open(): Promise<void>;
  /** Shows an answer in place of the panel: pictures, films, text, and HTML without its scripts. */
  show(response: Response): Promise<void>;
}

/** Told by the element when it paid. `preventDefault()` leaves showing the response to whoever listens. */
export type PaidEvent = CustomEvent<{ response: Response; offer: Quote["offers"][number] }>;

/** What a 402 asks for. Nothing was signed, and nothing is kept. */
export interface Quote {
  origin: string;
  /** Those in an asset that is known, by its own EIP-3009. The first is the server's favourite. */
  offers: (Offer & { amount: Units; symbol: string; networkName?: string })[];
  /** What a ticket opens, and for how long. */
  scope?: string;
  ttl?: Seconds;
  /** The server's word. */
  description?: string;
  /** Why the server asks, in its own word. */
  reason?: string;
}

/** Reads a 402; null where it is no challenge. The response can still be read afterwards. */
export declare function quote(
  response: Response,
  options?: { url?: string; assets?: readonly Asset[] },
): Promise<Quote | null>;

declare global {
  interface HTMLElementTagNameMap {
    "x402-paywall": Paywall;
  }
}

import type { Address, LocalWallet } from "./payer/types.js";
export { X402Error } from "./errors.js";

/**
 * A key that outlives the page. At rest it lies in IndexedDB, sealed by a WebCrypto key that this browser cannot read
 * out, or by a passkey. It is in wasm, and nowhere else, while the vault is open. Give it to `createPayer` as its
 * wallet: it unlocks itself when something is to be signed. Against script of the same origin it protects only while it
 * is locked by a passkey.
 */
export declare class Vault extends EventTarget {
  private constructor();
  /** Opens the vault of this name; an empty one, where there is none yet. */
  static open(options?: VaultOptions): Promise<Vault>;
  /** Whose money it is; `undefined` while the vault is empty. */
  readonly address: Address | undefined;
  /** What opens it; `undefined` while it is empty. */
  readonly protection: "device" | "passkey" | undefined;
  readonly isLocked: boolean;
  /** Puts a new key into the empty vault, which is open then. */
  generate(options?: SealOptions): Promise<LocalWallet>;
  /** Puts the 32 bytes of a key into the empty vault, and wipes them in the array. */
  import(key: Uint8Array, options?: SealOptions): Promise<LocalWallet>;
  /** The wallet. Asks for the passkey, if the vault is locked by one. */
  unlock(): Promise<LocalWallet>;
  /** Wipes the key from memory; the wallet that `unlock` gave signs nothing any more. */
  lock(): void;
  [Symbol.dispose](): void;
  /** Removes the key for good: what its account holds is lost, unless the key is kept elsewhere. */
  remove(): Promise<void>;
  addEventListener(type: "lock" | "unlock", listener: (event: Event) => void, options?: boolean | AddEventListenerOptions): void;
}

export interface VaultOptions {
  /** Vaults of an origin have names of their own. Default `"wallet"`. */
  name?: string;
  /** Seconds after the last use until it locks itself, at most 86,400. Default 300. It locks when the page is left, too. */
  lockAfter?: number;
}

export interface SealOptions {
  /** Seals the key under a new passkey, instead of a key of this browser. `true` stands for the defaults. */
  passkey?: boolean | PasskeyOptions;
}

export interface PasskeyOptions {
  /** The domain of the passkey. Default: the page's own. */
  rpId?: string;
  /** The site's name, as the passkey's owner reads it. Default: the page's title. */
  rpName?: string;
  /** The passkey's own name. Default: `x402` and the address. */
  userName?: string;
}

export type VaultErrorCode =
  | "vault_empty"
  | "vault_taken"
  | "vault_damaged"
  | "vault_refused"
  | "passkey_unsupported"
  | "invalid_option";

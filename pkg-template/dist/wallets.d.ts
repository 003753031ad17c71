import type { Eip1193Provider, Network, ProviderWallet } from "./payer/types.js";
export { X402Error } from "./errors.js";

/**
 * Asks the wallet's owner for an account. Before it signs, the wallet is brought to the chain that is signed for; a chain
 * that it does not know is added from `chains`. Fails with an `X402Error` of a {@link WalletErrorCode}, and so does a
 * `payer.fetch` that signs with it.
 */
export declare function connectWallet(provider: Eip1193Provider, options?: ConnectOptions): Promise<ProviderWallet>;

export interface ConnectOptions {
  /** Chains that the wallet may have to learn: what EIP-3085 wants to be told of each, without its `chainId`. */
  chains?: Readonly<Record<Network, ChainDescription>>;
}

export interface ChainDescription {
  chainName: string;
  rpcUrls: readonly string[];
  nativeCurrency: { name: string; symbol: string; decimals: number };
  blockExplorerUrls?: readonly string[];
}

/**
 * Finds the wallets of the browser's extensions (EIP-6963). `listener` is called with all of them whenever there is one
 * more; the function that is returned ends this. Names and icons are the extensions' own: show them as text and as `<img>`.
 */
export declare function watchWallets(listener: (wallets: readonly DiscoveredWallet[]) => void): () => void;

export interface DiscoveredWallet {
  /** Of this page's visit. */
  readonly uuid: string;
  readonly name: string;
  /** A `data:` URL of a picture. */
  readonly icon: string;
  /** Such as `io.metamask`. Nobody checks it. */
  readonly rdns: string;
  readonly provider: Eip1193Provider;
  connect(options?: ConnectOptions): Promise<ProviderWallet>;
}

export type WalletErrorCode =
  | "wallet_refused"
  | "wallet_unauthorized"
  | "wallet_unsupported"
  | "wallet_disconnected"
  | "wallet_busy"
  | "wallet_failed"
  | "chain_unknown_to_wallet";

import { X402Error } from "../errors.js";
import { build } from "./wasm.js";

const made = Symbol();

/** A key inside the wasm module: it is never a JavaScript value again (S76). */
export class LocalWallet {
  address;
  #handle;
  #generation = build.generation;

  constructor(secret, { wallet, address }) {
    if (secret !== made) throw new TypeError("Use LocalWallet.generate() or LocalWallet.import(bytes).");
    this.#handle = wallet;
    this.address = address;
  }

  static generate() {
    return new LocalWallet(made, build.call("wallet_generate"));
  }

  /** Takes 32 bytes and wipes them. */
  static import(key) {
    if (!(key instanceof Uint8Array)) throw new X402Error("invalid_option", "A key is a Uint8Array of 32 bytes.");
    return new LocalWallet(made, build.importKey(key));
  }

  destroy() {
    if (this.#handle && this.#generation === build.generation) build.call("wallet_destroy", { wallet: this.#handle });
    this.#handle = 0;
  }

  /** For the payer: the number under which wasm holds the key; 0 once it is gone. */
  static handleOf(wallet) {
    return wallet.#generation === build.generation ? wallet.#handle : 0;
  }

  /** Wasm signs by itself as long as it holds the key. */
  signTypedData() {
    return this.signMessage();
  }

  signMessage() {
    throw new X402Error("wallet_lost", "The wallet's key is gone: it was destroyed, or its wasm instance trapped. Import it again.");
  }
}

if (Symbol.dispose) LocalWallet.prototype[Symbol.dispose] = LocalWallet.prototype.destroy;

/** An EIP-1193 wallet, such as a browser extension. */
export class ProviderWallet {
  address;
  #provider;

  constructor(provider, address) {
    this.#provider = provider;
    this.address = address;
  }

  /** Asks the wallet's owner for an account. */
  static async connect(provider) {
    const [address] = (await provider.request({ method: "eth_requestAccounts" })) ?? [];
    if (!address) throw new X402Error("wallet_refused", "The wallet gave no account.");
    return new ProviderWallet(provider, address);
  }

  signTypedData(typedData) {
    return this.#provider.request({ method: "eth_signTypedData_v4", params: [this.address, JSON.stringify(typedData)] });
  }

  signMessage({ message }) {
    const bytes = Array.from(new TextEncoder().encode(message), (byte) => byte.toString(16).padStart(2, "0"));
    return this.#provider.request({ method: "personal_sign", params: [`0x${bytes.join("")}`, this.address] });
  }
}

// A key that outlives the page: sealed at rest, and in wasm only while it is used (S75, S76).
import { X402Error } from "../errors.js";
import { LocalWallet } from "../payer/wallets.js";
import { Table } from "../store/database.js";
import { askPasskey, makePasskey } from "./passkey.js";
import { deriveKey, makeDeviceKey, outsideBytes, seal, unseal } from "./seal.js";

const made = Symbol();
const taken = () => new X402Error("vault_taken", "The vault holds a key already: remove it first, or open a vault of another name.");
const LOCK_AFTER = 300;

/** A wallet for createPayer that unlocks itself when something is to be signed. Emits "lock" and "unlock". */
export class Vault extends EventTarget {
  #table = new Table("x402-wasm vault");
  #name;
  #lockAfter;
  #row;
  #wallet;
  #unlocking;
  #timer;
  #lockAt = 0;

  /** Opens the vault of this name; an empty one, where there is none yet. */
  static async open({ name = "wallet", lockAfter = LOCK_AFTER } = {}) {
    if (!(lockAfter > 0 && lockAfter <= 86_400)) throw new X402Error("invalid_option", "The option `lockAfter` must be 1 to 86400 seconds.");
    const vault = new Vault(made, name, lockAfter);
    vault.#row = await vault.#table.get(name);
    return vault;
  }

  constructor(secret, name, lockAfter) {
    if (secret !== made) throw new TypeError("Use await Vault.open().");
    super();
    this.#name = name;
    this.#lockAfter = lockAfter * 1000;
    // A page that is kept for its "back" button must not keep the key with it.
    globalThis.addEventListener?.("pagehide", () => this.lock());
  }

  /** Whose money it is; undefined while the vault is empty. */
  get address() {
    return this.#row?.address;
  }

  /** What opens it: "device" or "passkey"; undefined while it is empty. */
  get protection() {
    return this.#row && (this.#row.passkey ? "passkey" : "device");
  }

  get isLocked() {
    return !this.#wallet || !LocalWallet.handleOf(this.#wallet) || Date.now() >= this.#lockAt;
  }

  /** Puts a new key into the empty vault, which is open then. */
  generate(options) {
    return this.#fill(crypto.getRandomValues(outsideBytes(32)), options);
  }

  /** Puts this key into the empty vault, and wipes the array. */
  async import(key, options) {
    if (!(key instanceof Uint8Array)) throw new X402Error("invalid_option", "A key is a Uint8Array of 32 bytes.");
    const copy = outsideBytes(key.length);
    copy.set(key);
    key.fill(0);
    return this.#fill(copy, options);
  }

  /** The wallet, for as long as the vault is open. Asks for the passkey, if it is locked by one. */
  async unlock() {
    if (this.isLocked) {
      this.lock();
      await (this.#unlocking ??= this.#unseal().finally(() => (this.#unlocking = undefined)));
    }
    this.#stayOpen();
    return this.#wallet;
  }

  /** Wipes the key from memory. It stays sealed where it is. */
  lock() {
    if (!this.#wallet) return;
    clearTimeout(this.#timer);
    this.#wallet.destroy();
    this.#wallet = undefined;
    this.dispatchEvent(new Event("lock"));
  }

  /** Removes the key for good: whatever it holds is lost with it. */
  async remove() {
    this.lock();
    await this.#table.delete(this.#name);
    this.#row = undefined;
  }

  async #fill(secret, { passkey } = {}) {
    let wallet;
    try {
      if (this.#row) throw taken();
      // Wasm wipes what it is given, so it gets a copy: the rest of this needs the key as well.
      const copy = outsideBytes(secret.length);
      copy.set(secret);
      wallet = LocalWallet.import(copy);
      const row = await this.#seal(secret, wallet.address, passkey);
      await this.#table.update(this.#name, (other) => (other ? undefined : row));
      // Another page may have filled it at the same time; the first one counts.
      this.#row = await this.#table.get(this.#name);
      if (this.address !== wallet.address) throw taken();
    } catch (error) {
      wallet?.destroy();
      throw error;
    } finally {
      secret.fill(0);
    }
    this.#hold(wallet);
    this.#stayOpen();
    return wallet;
  }

  async #seal(secret, address, passkey) {
    if (!passkey) {
      const key = await makeDeviceKey();
      return { address, key, ...(await seal(key, secret, address)) };
    }
    const { rpId = location.hostname, rpName = document.title || rpId, userName = `x402 ${address}` } = passkey === true ? {} : passkey;
    const { secret: opener, ...kept } = await makePasskey({ rpId, rpName, userName });
    const key = await deriveKey(opener, kept.salt);
    return { address, passkey: kept, ...(await seal(key, secret, address)) };
  }

  async #unseal() {
    const row = this.#row;
    if (!row) throw new X402Error("vault_empty", "The vault holds no key: generate or import one.");
    const { address, passkey, key } = row;
    const opener = passkey ? await deriveKey(await askPasskey(passkey), passkey.salt) : key;
    const wallet = LocalWallet.import(await unseal(opener, row, address));
    if (row !== this.#row) {
      wallet.destroy();
      throw new X402Error("vault_empty", "The key was removed meanwhile.");
    }
    this.#hold(wallet);
  }

  #hold(wallet) {
    this.lock();
    this.#wallet = wallet;
    this.dispatchEvent(new Event("unlock"));
  }

  /** A timer sleeps with the machine: `isLocked` looks at the clock as well. */
  #stayOpen() {
    clearTimeout(this.#timer);
    this.#lockAt = Date.now() + this.#lockAfter;
    this.#timer = setTimeout(() => this.lock(), this.#lockAfter);
  }
}

if (Symbol.dispose) Vault.prototype[Symbol.dispose] = Vault.prototype.lock;

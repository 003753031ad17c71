import { X402Error } from "../errors.js";
import { drive } from "./drive.js";
import { LocalWallet } from "./wallets.js";
import { call, currentGeneration } from "./wasm.js";

/** A `fetch` that pays, within a budget. Emits "payment", "ticket" and "refusal". */
class Payer extends EventTarget {
  #wallet;
  #options;
  #fetch;
  #store;
  #allow;
  #lines = new Map();
  #saved;
  #saving = Promise.resolve();
  #generation;
  #handle;
  #opening;

  constructor({ wallet, fetch, store, permit2, ...options }) {
    super();
    this.#wallet = wallet;
    this.#fetch = fetch ?? ((...request) => globalThis.fetch(...request));
    this.#store = store;
    this.#allow = permit2;
    if (permit2 !== undefined) options.permit2 = typeof permit2 === "function" || String(permit2);
    // A frozen copy: what cannot be told apart from nothing, such as a function, must not be dropped in silence.
    this.#options = JSON.parse(JSON.stringify(options, (_, value) => (typeof value === "function" ? String(value) : value)));
    this.#open();
    this.fetch = this.fetch.bind(this);
  }

  get address() {
    return this.#wallet.address;
  }

  fetch(input, init) {
    return this.#carry(this.#fetch, input, init);
  }

  tickets() {
    return call("payer_tickets", { payer: this.#current() });
  }

  spending() {
    return call("payer_spending", { payer: this.#current() });
  }

  /** The stock SDK's habit: a fetch that pays with this payer, over the given fetch. */
  static over(fetch, payer) {
    return (input, init) => payer.#carry(fetch, input, init);
  }

  async #carry(fetch, input, init) {
    await this.#load();
    return drive(this.#host(fetch), input, init);
  }

  #open() {
    const wallet = this.#wallet instanceof LocalWallet ? LocalWallet.handleOf(this.#wallet) : 0;
    const account = String(this.#wallet?.address);
    this.#generation = currentGeneration();
    this.#handle = call("payer_open", { options: this.#options, wallet, account, saved: this.#saved }).payer;
  }

  // A trapped instance took the payer with it: the state that was last saved opens the next one.
  #current() {
    if (this.#generation !== currentGeneration()) this.#open();
    return this.#handle;
  }

  #load() {
    if (!this.#store) return undefined;
    return (this.#opening ??= this.#take().catch((error) => {
      this.#opening = undefined;
      throw error;
    }));
  }

  async #take() {
    this.#saved = (await this.#store.load()) ?? undefined;
    if (this.#saved === undefined) return;
    call("payer_close", { payer: this.#current() });
    this.#open();
  }

  // One after the other, so that an older state never replaces a newer one.
  #save(record) {
    this.#saved = record;
    if (!this.#store) return undefined;
    const save = this.#saving.then(() => this.#store.save(record));
    this.#saving = save.catch(() => {});
    return save;
  }

  #host(fetch) {
    const handle = this.#current();
    const generation = this.#generation;
    const isCurrent = () => generation === currentGeneration();
    return {
      fetch,
      lines: this.#lines,
      handle,
      save: (record) => this.#save(record),
      allow: (needed) => this.#allow(needed),
      sign: ({ typedData, message }) => (typedData ? this.#wallet.signTypedData(typedData) : this.#wallet.signMessage({ message })),
      tell: (type, detail) => this.dispatchEvent(new CustomEvent(type, { detail })),
      check: () => {
        if (!isCurrent()) throw new X402Error("internal_error", "The wasm instance was replaced meanwhile; send the request again.");
      },
      abandon: (flow) => {
        if (isCurrent()) this.#save(call("payer_drop", { flow }).record)?.catch(() => {});
      },
    };
  }
}

export const createPayer = (options) => new Payer(options);

export const wrapFetchWithPayment = Payer.over;

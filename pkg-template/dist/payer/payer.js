import { X402Error } from "../errors.js";
import { drive } from "./drive.js";
import { inLine } from "./lines.js";
import { State } from "./state.js";
import { LocalWallet } from "./wallets.js";
import { call, currentGeneration } from "./wasm.js";

/** A `fetch` that pays, within a budget. Emits "payment", "ticket", "refusal" and "budget". */
class Payer extends EventTarget {
  #wallet;
  #fetch;
  #store;
  #owner;
  #lines = new Map();
  #state;
  #told;

  constructor({ wallet, fetch, store, permit2, confirm, ...options }) {
    super();
    this.#wallet = wallet;
    this.#fetch = fetch ?? ((...request) => globalThis.fetch(...request));
    this.#store = store;
    this.#owner = { permit2, confirm };
    for (const [name, ask] of Object.entries(this.#owner)) {
      if (ask !== undefined) options[name] = typeof ask === "function" || String(ask);
    }
    // A frozen copy: what cannot be told apart from nothing, such as a function, must not be dropped in silence.
    const frozen = JSON.parse(JSON.stringify(options, (_, value) => (typeof value === "function" ? String(value) : value)));
    this.#state = new State(wallet, frozen, store, () => this.#tellBudget());
    this.#told = JSON.stringify(this.spending());
    this.fetch = this.fetch.bind(this);
  }

  get address() {
    return this.#wallet.address;
  }

  fetch(input, init) {
    return this.#carry(this.#fetch, input, init);
  }

  tickets() {
    return call("payer_tickets", { payer: this.#state.handle });
  }

  spending() {
    return call("payer_spending", { payer: this.#state.handle });
  }

  /** The stock SDK's habit: a fetch that pays with this payer, over the given fetch. */
  static over(fetch, payer) {
    return (input, init) => payer.#carry(fetch, input, init);
  }

  /** What entries of their own need of a payer: its handle in wasm, and its wallet. */
  static inside(payer) {
    return { handle: payer.#state.handle, sign: (step) => payer.#sign(step) };
  }

  async #carry(fetch, input, init) {
    await this.#state.load();
    return drive(this.#host(fetch), input, init);
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #tellBudget() {
    const spending = this.spending();
    const text = JSON.stringify(spending);
    if (text === this.#told) return;
    this.#told = text;
    this.#tell("budget", spending);
  }

  #host(fetch) {
    const state = this.#state;
    const { handle } = state;
    const generation = currentGeneration();
    const isCurrent = () => generation === currentGeneration();
    return {
      fetch,
      handle,
      line: (name, signal) => (this.#store?.lock ? this.#store.lock(name, signal) : inLine(this.#lines, name, signal)),
      save: (step) => state.save(step),
      ask: ({ option, about }) => this.#owner[option](about),
      sign: (step) => this.#sign(step),
      tell: (type, detail) => this.#tell(type, detail),
      turn: (act) =>
        state.turn(() => {
          if (!isCurrent()) throw new X402Error("internal_error", "The wasm instance was replaced meanwhile; send the request again.");
          return act();
        }),
      abandon: async (flow) => {
        if (isCurrent()) await state.save(await state.turn(() => call("payer_drop", { flow })));
      },
    };
  }

  /** A wallet that was locked lends its key to wasm, which signs; any other wallet signs by itself. */
  async #sign({ typedData, message }) {
    const wallet = this.#wallet.unlock ? await this.#wallet.unlock() : this.#wallet;
    const lent = wallet instanceof LocalWallet && LocalWallet.handleOf(wallet);
    if (lent) return { wallet: lent };
    return { signature: String(await (typedData ? wallet.signTypedData(typedData) : wallet.signMessage({ message }))) };
  }
}

export const createPayer = (options) => new Payer(options);

export const wrapFetchWithPayment = Payer.over;

export const { inside } = Payer;

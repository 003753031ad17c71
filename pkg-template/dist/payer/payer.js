import { X402Error } from "../errors.js";
import { drive } from "./drive.js";
import { inLine } from "./lines.js";
import { openState } from "./state.js";
import { LocalWallet } from "./wallets.js";

/** What entries of their own need of a payer: calls to it in wasm, and its wallet. */
const insides = new WeakMap();
export const inside = (payer) => insides.get(payer);

/** A `fetch` that pays, within a budget. Emits "payment", "ticket", "refusal" and "budget". */
class Payer extends EventTarget {
  constructor({ wallet, fetch, store, permit2, confirm, ...options }) {
    super();
    const owner = { permit2, confirm };
    for (const [name, ask] of Object.entries(owner)) {
      if (ask !== undefined) options[name] = typeof ask === "function" || String(ask);
    }
    // A frozen copy: what cannot be told apart from nothing, such as a function, must not be dropped in silence.
    const frozen = JSON.parse(JSON.stringify(options, (_, value) => (typeof value === "function" ? String(value) : value)));
    const state = openState(wallet, frozen, store, tellBudget);
    const { call } = state;
    const spending = () => call("payer_spending");
    const tell = (type, detail) => this.dispatchEvent(new CustomEvent(type, { detail }));
    const lines = new Map();
    let told = JSON.stringify(spending());

    this.tickets = () => call("payer_tickets");
    this.spending = spending;
    this.fetch = (input, init) => carry(fetch ?? globalThis.fetch, input, init);
    insides.set(this, { wallet, call, carry, sign });

    async function carry(fetch, input, init) {
      await state.load();
      return drive(host(fetch), input, init);
    }

    function tellBudget() {
      const now = spending();
      const text = JSON.stringify(now);
      if (text === told) return;
      told = text;
      tell("budget", now);
    }

    function host(fetch) {
      const { build } = state;
      const { generation } = build;
      const isCurrent = () => generation === build.generation;
      return {
        fetch,
        line: (name, signal) => (store?.lock ? store.lock(name, signal) : inLine(lines, name, signal)),
        save: state.save,
        ask: ({ option, about }) => owner[option](about),
        sign,
        tell,
        turn: (name, values) =>
          state.turn(() => {
            if (!isCurrent()) throw new X402Error("internal_error", "The wasm instance was replaced: send the request again.");
            return call(name, values);
          }),
        abandon: async (flow) => {
          if (isCurrent()) await state.save(await state.turn(() => call("payer_drop", { flow })));
        },
      };
    }

    /** A wallet that was locked lends its key to wasm, which signs; any other wallet signs by itself. */
    async function sign({ typedData, message }) {
      const open = wallet.unlock ? await wallet.unlock() : wallet;
      const lent = open instanceof LocalWallet && LocalWallet.handleOf(open);
      if (lent) return { wallet: lent };
      return { signature: String(await (typedData ? open.signTypedData(typedData) : open.signMessage({ message }))) };
    }
  }

  get address() {
    return inside(this).wallet.address;
  }
}

export const createPayer = (options) => new Payer(options);

/** The stock SDK's habit: a fetch that pays with this payer, over the given fetch. */
export const wrapFetchWithPayment = (fetch, payer) => (input, init) => inside(payer).carry(fetch, input, init);

// The payer's state: in wasm while it is used, in its owner's store beyond that.
import { LocalWallet } from "./wallets.js";
import { call, currentGeneration, recordOf } from "./wasm.js";

export class State {
  #wallet;
  #options;
  #store;
  #changed;
  #saved;
  #saving = Promise.resolve();
  #loading;
  #handle;
  #generation;

  /** `changed` is called whenever the state is another than before. */
  constructor(wallet, options, store, changed) {
    this.#wallet = wallet;
    this.#options = options;
    this.#store = store;
    this.#changed = changed;
    this.#open();
    store?.watch?.(() => this.#load().catch(() => {}));
  }

  /** Its handle in wasm. A trapped instance took it along: what was last saved opens the next one. */
  get handle() {
    if (this.#generation !== currentGeneration()) this.#open();
    return this.#handle;
  }

  /** Takes up what the store holds, once: a store that is shared is asked at every turn. */
  load() {
    if (!this.#store || this.#store.update) return undefined;
    return (this.#loading ??= this.#load().catch((error) => {
      this.#loading = undefined;
      throw error;
    }));
  }

  /** Lets `act` take a step. Over a shared store it starts from what others did, and what it changes is theirs at once. */
  async turn(act) {
    if (!this.#store?.update) return this.#recorded(act());
    let step, fault, unsaved;
    try {
      await this.#store.update((saved) => {
        try {
          this.#adopt(saved);
          step = act();
          return this.#keep(recordOf(this.handle));
        } catch (error) {
          fault = error;
        }
      });
    } catch (error) {
      unsaved = error;
    }
    if (fault) throw fault;
    // Out of reach: it goes on with what it knows, and stops where something has to be saved.
    step ??= act();
    return { ...step, unsaved };
  }

  /** Answers a step that wants to be saved. */
  async save({ record, unsaved }) {
    if (unsaved) throw unsaved;
    if (this.#store?.update) return;
    this.#keep(record);
    // One after the other, so that an older state never replaces a newer one.
    const save = this.#saving.then(() => this.#store?.save(record));
    this.#saving = save.catch(() => {});
    await save;
  }

  /** What a step wants to be saved is the state as it is now, not when its turn to be saved comes. */
  #recorded(step) {
    return step.do === "save" ? { ...step, record: recordOf(this.handle) } : step;
  }

  async #load() {
    this.#adopt((await this.#store.load()) ?? undefined);
  }

  #adopt(saved) {
    if (saved === this.#saved || saved === undefined) return;
    this.#open(saved, this.handle);
    this.#keep(saved);
  }

  #keep(record) {
    if (record === this.#saved) return undefined;
    this.#saved = record;
    this.#changed();
    return record;
  }

  #open(saved = this.#saved, payer = undefined) {
    const wallet = this.#wallet instanceof LocalWallet ? LocalWallet.handleOf(this.#wallet) : 0;
    const account = String(this.#wallet?.address);
    this.#handle = call("payer_open", { options: this.#options, wallet, account, saved, payer }).payer;
    this.#generation = currentGeneration();
  }
}

// The payer's state: in wasm while it is used, in its owner's store beyond that.
import { LocalWallet } from "./wallets.js";
import { build, fullBuild } from "./wasm.js";

/** Opens it. `changed` is called whenever it is another than before. */
export function openState(wallet, options, store, changed) {
  let payer, generation, loadFull, saved, loading;
  let saving = Promise.resolve();
  /** `build` is the one that it lives in. */
  const state = { build, call, load, turn, save };
  open();
  store?.watch?.(() => reload().catch(() => {}));
  return state;

  function open(text = saved, again) {
    const local = wallet instanceof LocalWallet;
    const values = {
      options,
      // None for a wallet outside: it signs by itself, and lends no key.
      wallet: local ? LocalWallet.handleOf(wallet) : wallet?.unlock && 0,
      account: String(wallet?.address),
      saved: text,
      payer: again,
    };
    const opened = state.build.call("payer_open", values);
    ({ payer } = opened);
    ({ generation } = state.build);
    loadFull = opened.needsFull ? fullBuild() : undefined;
  }

  /** Its number in wasm. A trapped instance took it along: what was last saved opens the next one. */
  function handle() {
    if (generation !== state.build.generation) open();
    return payer;
  }

  /** Calls wasm about it. */
  function call(name, values) {
    return state.build.call(name, { payer: handle(), shared: store?.update && true, ...values });
  }

  /** Moves into the full build where it needs that, and takes up what the store holds, once each. */
  async function load() {
    const full = await loadFull?.();
    // Of many requests at once the first one moves it.
    if (full && state.build !== full) {
      state.build = full;
      open();
    }
    // A store that is shared is asked at every turn.
    if (!store || store.update) return;
    await (loading ??= reload().catch((error) => {
      loading = undefined;
      throw error;
    }));
  }

  async function reload() {
    adopt((await store.load()) ?? undefined);
  }

  function adopt(text) {
    if (text === saved || text === undefined) return;
    open(text, handle());
    keep(text);
  }

  function keep(record) {
    if (record === saved || record === undefined) return undefined;
    saved = record;
    changed();
    return record;
  }

  /** Lets `act` take a step. Over a shared store it starts from what others did, and what it changes is theirs at once. */
  async function turn(act) {
    let step, fault, unsaved;
    if (!store?.update) {
      step = act();
      keep(step.record);
      return step;
    }
    try {
      await store.update((text) => {
        try {
          adopt(text);
          step = act();
          return keep(step.record);
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
  async function save({ unsaved }) {
    if (unsaved) throw unsaved;
    if (!store || store.update) return;
    // The newest by now, and one after the other, so that an older state never replaces a newer one.
    const text = saved;
    const last = saving.then(() => store.save(text));
    saving = last.catch(() => {});
    await last;
  }
}

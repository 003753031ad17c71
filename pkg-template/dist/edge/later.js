// What visitors do not wait for is loaded when it is needed: moving money, and what the operator asks.
import { notInitialized } from "./wasm.js";

let load = () => {
  throw notInitialized();
};

/** Called by an entry point. */
export function cashWith(loader) {
  load = loader;
}

/** Settles what is due in a store: see cash.js. */
export async function cashDue(...args) {
  return (await load()).cashDue(...args);
}

/** The operator's view of a ledger: see report.js. */
export async function report(...args) {
  return (await load()).report(...args);
}

/** Compares a ledger with its chain: see reconcile.js. */
export async function reconcile(...args) {
  return (await load()).reconcile(...args);
}

/** Has a store that does not wake up by itself looked at when something is due in it: see cashier.js. */
export async function wakeAt(store, instanceFor, dueAt) {
  (await load()).cashierOf(store, instanceFor).wakeAt(dueAt);
}

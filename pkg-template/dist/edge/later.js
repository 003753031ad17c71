// What is needed for moving money alone is loaded when money is moved.
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

/** Compares a ledger with its chain: see reconcile.js. */
export async function reconcile(...args) {
  return (await load()).reconcile(...args);
}

// What most requests do without is loaded when it is needed: moving money, what the operator asks, and the full gate.
import { notInitialized } from "./wasm.js";

const missing = () => {
  throw notInitialized();
};
let load = { cashier: missing, fullGate: missing };

/** Called by an entry point. */
export function loadWith(loaders) {
  load = { ...load, ...loaders };
}

/** The gate that does everything: see full-gate.js. */
export async function fullGate() {
  return (await load.fullGate()).FULL_GATE;
}

/** The account that an instance's relayer sends with: see settler.js. */
export async function accountOf(instance) {
  return (await load.cashier()).accountOf(instance);
}

/** Settles what is due in a store: see cash.js. */
export async function cashDue(...args) {
  return (await load.cashier()).cashDue(...args);
}

/** The operator's view of a ledger: see report.js. */
export async function report(...args) {
  return (await load.cashier()).report(...args);
}

/** Whether the settler can do its work: see ready.js. */
export async function ready(...args) {
  return (await load.cashier()).ready(...args);
}

/** Compares a ledger with its chain: see reconcile.js. */
export async function reconcile(...args) {
  return (await load.cashier()).reconcile(...args);
}

/** Has a store that does not wake up by itself looked at when something is due in it: see cashier.js. */
export async function wakeAt(store, instanceFor, dueAt) {
  (await load.cashier()).cashierOf(store, instanceFor).wakeAt(dueAt);
}

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

const ofCashier = (name) => async (...args) => (await load.cashier())[name](...args);

/** The account that an instance's relayer sends with: see settler.js. */
export const accountOf = ofCashier("accountOf");
/** Settles what is due in a store: see cash.js. */
export const cashDue = ofCashier("cashDue");
/** The operator's view of a ledger: see report.js. */
export const report = ofCashier("report");
/** Whether the settler can do its work: see ready.js. */
export const ready = ofCashier("ready");
/** Compares a ledger with its chain: see reconcile.js. */
export const reconcile = ofCashier("reconcile");

/** Has a store that does not wake up by itself looked at when something is due in it: see cashier.js. */
export async function wakeAt(store, instanceFor, dueAt) {
  (await load.cashier()).cashierOf(store, instanceFor).wakeAt(dueAt);
}

// What most requests do without is loaded when it is needed: moving money, what the operator asks, and the full gate.
import { notInitialized } from "./wasm.js";

let load = {};
let lack = () => {
  throw notInitialized();
};

/** Called by an entry point. One that leaves something out says so, for where no other brings it: `otherwise(part, why)`. */
export function loadWith(loaders, otherwise = lack) {
  load = { ...load, ...loaders };
  lack = otherwise;
}

/** The scripts of a part: `cashier`, or `fullGate`. `why` is what asked for it. */
export const loaded = async (part, why) => (load[part] ?? lack)(part, why);

/** Throws where this worker has nothing to cash with. */
export const needCashier = () => load.cashier ?? lack("cashier");

const ofCashier = (name) => async (...args) => (await loaded("cashier"))[name](...args);

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
  (await loaded("cashier")).cashierOf(store, instanceFor).wakeAt(dueAt);
}

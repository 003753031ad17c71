// The operator's view of a ledger.
import { cashierBuild as wasm } from "./wasm.js";

/** What is outstanding, settled, failed and unknown, how much is lent, and how old the oldest unsettled check is. */
export async function report(store, now) {
  return wasm.call("ledgerReport", await store.tally(), now);
}

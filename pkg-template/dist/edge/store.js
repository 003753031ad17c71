// The ledger's port on this side: which stores are taken, and how an operation reaches one.
import { X402Error } from "../errors.js";

/** Carries out an operation of the ledger. What fails is `unreachable`: whether it happened is not known. */
export async function carryOut(store, { key, expected, record, dueAt, facts }) {
  try {
    if (expected === undefined) return { found: (await store.read(key)) ?? false };
    const written = await store.write(key, expected, record, dueAt, facts);
    return written === "no_credit" ? { noCredit: true } : { written };
  } catch (error) {
    console.error("x402-wasm: the ledger does not answer", error);
    return { unreachable: true };
  }
}

/** Refuses what would double payments. `credit`: it has to bound them. */
export function checkedStore(ledger, credit) {
  const refuse = (code, message) => {
    throw new X402Error(code, message);
  };
  if (ledger?.getWithMetadata) {
    refuse("store_not_atomic", "A KV namespace is eventually consistent, so one payment would be granted many times: use durableObject() or sqlite().");
  }
  if (!(ledger?.read && ledger.write && ledger.due)) {
    refuse("invalid_config", "ledger is a store such as durableObject(env.LEDGER), sqlite(\"ledger.db\") or memory().");
  }
  if (credit && !ledger.lends) refuse("store_without_credit", "This ledger does not bound credit: use durableObject() or sqlite().");
  return ledger;
}

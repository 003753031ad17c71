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

/** Refuses what would lose or double payments. `after`: checks wait in it; `credit`: it has to bound them. */
export function checkedStore(ledger, after, credit) {
  if (typeof ledger?.getWithMetadata === "function") {
    const why = "A KV namespace is eventually consistent, so one payment would be granted many times";
    throw new X402Error("store_not_atomic", `${why}: use durableObject(), sqlite(), or another store with compare-and-set.`);
  }
  const missing = ["read", "write", "due"].find((method) => typeof ledger?.[method] !== "function");
  if (missing) {
    throw new X402Error("invalid_config", "ledger is a store such as durableObject(env.LEDGER), sqlite(\"ledger.db\") or memory().");
  }
  if (after && ledger.forgets) {
    const why = "This ledger forgets at a restart the checks that are cashed after serving";
    throw new X402Error("store_not_durable", `${why}: use durableObject() or sqlite(), or, in a test, memory({ forTests: true }).`);
  }
  if (credit && !ledger.lends) {
    throw new X402Error("store_without_credit", "This ledger does not bound credit: leave `credit` out, or use durableObject() or sqlite().");
  }
  return ledger;
}

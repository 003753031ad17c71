// The ledger's port on this side: which stores are taken, and how an operation reaches one.
import { X402Error } from "../errors.js";

/** Carries out an operation of the ledger. What fails is `unreachable`: whether it happened is not known. */
export async function carryOut(store, { key, expected, record, dueAt }) {
  try {
    if (expected === undefined) return { found: (await store.read(key)) ?? false };
    return { written: await store.write(key, expected, record, dueAt) };
  } catch (error) {
    console.error("x402-wasm: the ledger does not answer", error);
    return { unreachable: true };
  }
}

export function checkedStore(ledger) {
  if (typeof ledger?.getWithMetadata === "function") {
    const why = "A KV namespace is eventually consistent, so one payment would be granted many times";
    throw new X402Error("store_not_atomic", `${why}: use durableObject(), or another store with compare-and-set.`);
  }
  if (typeof ledger?.read !== "function" || typeof ledger?.write !== "function") {
    throw new X402Error("invalid_config", "ledger is a store such as durableObject(env.LEDGER) or memory().");
  }
  return ledger;
}

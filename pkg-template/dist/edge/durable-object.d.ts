import type { LedgerStore } from "../edge.js";

/** What a Durable Object binding offers, as far as the ledger needs it. */
interface Namespace {
  idFromName(name: string): unknown;
  get(id: never): unknown;
}

/**
 * The store that a gate is given: the binding of a Durable Object namespace whose class is {@link Ledger}. `shards`: over
 * how many objects the payers are spread, default 1; it stays what it is as long as payments are open.
 */
export declare function durableObject(namespace: Namespace, options?: { shards?: number }): LedgerStore;

/** The ledger's class. Export it from the worker's main module; it needs SQLite storage. */
export declare class Ledger {
  constructor(ctx: unknown, env: unknown);
  alarm(): Promise<void>;
}

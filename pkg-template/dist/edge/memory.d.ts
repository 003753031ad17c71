import type { LedgerStore } from "../edge.js";

/** A ledger in this process's memory, for tests: a restart forgets it, and every payment could be used again. */
export declare function memory(): LedgerStore;

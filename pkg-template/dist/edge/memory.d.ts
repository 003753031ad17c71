import type { LedgerStore } from "../edge.js";

/**
 * A ledger in this process's memory, for tests: a restart forgets it, and every payment could be used again. A gate that
 * cashes after serving refuses it, unless its owner says `forTests`.
 */
export declare function memory(options?: { forTests?: boolean }): LedgerStore;

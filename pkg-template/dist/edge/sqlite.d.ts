import type { LedgerStore } from "../edge.js";

/**
 * A ledger in a file of SQLite, by the modules that Node (22.13 or newer), Bun and Deno bring along. Every write is on
 * the disk before it is answered. Several processes of one machine may share the file; one of them cashes at a time.
 */
export declare function sqlite(path: string): LedgerStore;

import type { SharedStore } from "../payer/types.js";

/**
 * A store for `createPayer` in a page or a worker. All of the origin that name it alike share one budget, the same tickets,
 * and one line for each purchase; and so does their next visit. Give each wallet a name of its own. Default `"payer"`.
 */
export declare function indexedDb(name?: string): SharedStore;

import type { Store } from "../payer/types.js";

/**
 * A store for `createPayer` in Node, Bun and Deno: a file for its owner only, written whole or not at all. One process at a
 * time uses it; the next one is refused with the code `state_in_use`.
 */
export declare function file(path: string): Store & {
  /** Lets another process have the file. It is let go at the end of this one, too. */
  close(): void;
};

// x402-wasm/store/indexeddb: the payer's state for all pages and workers of an origin, and for their next visit.
import { Table } from "./database.js";

const DATABASE = "x402-wasm";

/** A store for createPayer. Pages that name it alike share its budget, its tickets and its lines. */
export function indexedDb(name = "payer") {
  const table = new Table(DATABASE);
  const news = new BroadcastChannel(`${DATABASE} ${name}`);
  return {
    load: () => table.get(name),

    save: (text) => table.update(name, () => text),

    async update(change) {
      let changed;
      await table.update(name, (text) => (changed = change(text)));
      if (changed !== undefined) news.postMessage("changed");
    },

    /** The browser lets go of it for a page that is closed or crashes. */
    lock(line, signal) {
      return new Promise((resolve, reject) => {
        const held = () => new Promise((release) => resolve(release));
        navigator.locks.request(`${DATABASE} ${name} ${line}`, { signal }, held).catch(reject);
      });
    },

    watch: (listener) => news.addEventListener("message", listener),
  };
}

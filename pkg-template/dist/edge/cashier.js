// The cashier of a store that does not wake up by itself: a timer of this process.
import { cashDue } from "./cash.js";
import { now } from "./clock.js";

/** For how long one process of several keeps the cashier's seat, in seconds. */
const LEASE = 60;
const SEAT = "cashier";

const cashiers = new WeakMap();

/** The one cashier of a store in this process, for stores that do not wake up by themselves. */
export function cashierOf(store, instanceFor) {
  if (!cashiers.has(store)) cashiers.set(store, new Cashier(store, instanceFor));
  return cashiers.get(store);
}

class Cashier {
  #store;
  #instanceFor;
  #timer;
  #wakeAt = Infinity;
  #working = Promise.resolve();

  constructor(store, instanceFor) {
    this.#store = store;
    this.#instanceFor = instanceFor;
    // A store may hold checks of an earlier process.
    this.wakeAt(now());
  }

  wakeAt(dueAt) {
    if (dueAt >= this.#wakeAt) return;
    clearTimeout(this.#timer);
    this.#wakeAt = dueAt;
    // A timer counts no further than 24 days.
    this.#timer = setTimeout(() => this.#work(), Math.min(Math.max(0, dueAt * 1000 - Date.now()), 2 ** 31 - 1));
    // A process may end while checks wait: they are in the store.
    this.#timer.unref?.();
  }

  #work() {
    this.#wakeAt = Infinity;
    this.#working = this.#working.then(() => this.#cash()).catch(console.error);
  }

  /** As long as anything is due some day it looks again, whatever went wrong this time (S53). */
  async #cash() {
    let next = now();
    try {
      if (await this.#isSeated()) await cashDue(this.#store, this.#instanceFor);
      const [first] = await this.#store.due(Number.MAX_SAFE_INTEGER, 1);
      next = first && (first.dueAt ?? next);
    } finally {
      if (next !== undefined) this.wakeAt(Math.max(next, now() + 1));
    }
  }

  /** Of several processes that share a store, one cashes. */
  async #isSeated() {
    return this.#store.lease?.(SEAT, now(), now() + LEASE) ?? true;
  }
}

// Cashing checks in the background: whatever is due, one after the other, because a relayer key has one writer.
import { now } from "./clock.js";
import { tell } from "./hooks.js";
import { send } from "./http.js";
import { carryOut } from "./store.js";
import { call, currentGeneration, resume } from "./wasm.js";

const BATCH = 100;
/** For how long one process of several keeps the cashier's seat, in seconds. */
const LEASE = 60;
const SEAT = "cashier";

/** Settles what is due. `instanceFor(issuer)` finds the gate that sold it; `isForMe` tells whether its cashier sits here. */
export async function cashDue(store, instanceFor, isForMe = () => true, ctx) {
  for (const due of await store.due(now(), BATCH)) {
    try {
      const instance = instanceFor(call("recordGate", due.record));
      if (instance?.settles && !isForMe(instance, due)) continue;
      const { finding, message } = instance?.settles ? await cash(store, instance, due, ctx) : await setAside(store, due);
      // One line for each change: what waits for days is not said every minute.
      const before = call("recordPublic", due.record)?.finding;
      if (finding !== before) console.info("x402-wasm: cashing", { payment: due.key, finding, message });
    } catch (error) {
      // Tried again at the next wake-up: nothing is closed by an error (S47).
      console.error("x402-wasm: cashing failed", error);
    }
  }
}

async function cash(store, instance, due, ctx) {
  let step = instance.beginCashing(due);
  const born = currentGeneration();
  while (step.do !== "done") {
    const outcome = step.do === "http" ? await send(step, instance) : await carryOut(store, step);
    if (outcome.written && step.news) tell(instance.hooks, [step.news], ctx);
    step = resume(born, "cashingResume", step.cashing, outcome, now());
  }
  return step;
}

/** Out of the way of those that can be cashed. */
async function setAside(store, due) {
  const step = call("recordAside", due, now());
  await carryOut(store, step);
  return step;
}

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

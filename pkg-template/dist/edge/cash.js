// Cashing what is due, one check after the other, because a relayer key has one writer.
import { now } from "./clock.js";
import { tell } from "./hooks.js";
import { send } from "./http.js";
import { accountOf, settlerOf } from "./settler.js";
import { carryOut } from "./store.js";
import { cashierBuild as wasm } from "./wasm.js";

const BATCH = 100;

/** Settles what is due. `instanceFor(issuer)` finds the gate that sold it; `isForMe` tells whether its cashier sits here. */
export async function cashDue(store, instanceFor, isForMe = () => true, ctx) {
  for (const due of await store.due(now(), BATCH)) {
    try {
      const instance = instanceFor(wasm.call("recordGate", due.record));
      if (instance?.settles && !isForMe(instance, due, accountOf(instance))) continue;
      const { finding, message } = instance?.settles ? await cash(store, instance, due, ctx) : await setAside(store, due);
      // One line for each change: what waits for days is not said every minute.
      const before = wasm.call("recordPublic", due.record)?.finding;
      if (finding !== before) console.info("x402-wasm: cashing", { payment: due.key, finding, message });
    } catch (error) {
      // Tried again at the next wake-up: nothing is closed by an error (S47).
      console.error("x402-wasm: cashing failed", error);
    }
  }
}

async function cash(store, instance, due, ctx) {
  let step = wasm.call("cashingBegin", settlerOf(instance), due, now());
  const born = wasm.generation;
  while (step.do !== "done") {
    const outcome = step.do === "http" ? await send(step, instance) : await carryOut(store, step);
    if (outcome.written && step.news) tell(instance.hooks, [step.news], ctx);
    step = wasm.resume(born, "cashingResume", step.cashing, outcome, now());
  }
  return step;
}

/** Out of the way of those that can be cashed. */
async function setAside(store, due) {
  const step = wasm.call("recordAside", due, now());
  await carryOut(store, step);
  return step;
}

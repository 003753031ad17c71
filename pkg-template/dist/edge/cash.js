// Cashing what is due: a round for each settler, one step after the other, because a relayer key has one writer.
import { now } from "./clock.js";
import { tell } from "./hooks.js";
import { send } from "./http.js";
import { accountOf, settlerOf } from "./settler.js";
import { carryOut } from "./store.js";
import { cashierBuild as wasm } from "./wasm.js";

/** So many records at once; what is cashed together is never cut apart by it. */
const LIMIT = 400;

/** Settles what is due. `instanceFor(issuer)` finds the gate that sold it; `isForMe` tells whether its cashier sits here. */
export async function cashDue(store, instanceFor, isForMe = () => true, ctx) {
  const rounds = new Map();
  for (const due of await store.due(now(), LIMIT)) {
    await guarded(async () => {
      const instance = instanceFor(wasm.call("recordGate", due.record));
      if (!instance?.settles) return say(due, await setAside(store, due));
      if (!isForMe(instance, due, accountOf(instance))) return;
      if (!rounds.has(instance)) rounds.set(instance, []);
      rounds.get(instance).push(due);
    });
  }
  for (const [instance, due] of rounds) {
    await guarded(async () => round(store, instance, [...due, ...(await waiting(store, instance, due))], ctx));
  }
}

/** Those that wait for others, and are not due before. */
async function waiting(store, { settle, issuer }, due) {
  const age = settle.options.batch?.age;
  if (!age) return [];
  const known = new Set(due.map(({ key }) => key));
  const isTheirs = ({ key, record }) => !known.has(key) && wasm.call("recordGate", record) === issuer;
  return (await store.due(now() + age, LIMIT)).filter(isTheirs);
}

async function round(store, instance, records, ctx) {
  const rows = new Map(records.map((row) => [row.key, row]));
  let step = wasm.call("roundBegin", settlerOf(instance), records, now());
  const born = wasm.generation;
  for (;;) {
    for (const { payment, ...look } of step.looked) say(rows.get(payment), look);
    if (step.do === "done") return;
    const outcome = step.do === "http" ? await send(step, instance) : await carryOut(store, step);
    if (outcome.written && step.news) tell(instance.hooks, [step.news], ctx);
    step = wasm.resume(born, "roundResume", step.round, outcome, now());
  }
}

/** Out of the way of those that can be cashed. */
async function setAside(store, due) {
  const step = wasm.call("recordAside", due, now());
  await carryOut(store, step);
  return step;
}

/** One line for each change: what waits for days is not said every minute. */
function say({ key: payment, record }, { finding, message }) {
  if (finding !== wasm.call("recordPublic", record)?.finding) console.info("x402-wasm: cashing", { payment, finding, message });
}

/** Tried again at the next wake-up: nothing is closed by an error (S47). */
async function guarded(work) {
  try {
    await work();
  } catch (error) {
    console.error("x402-wasm: cashing failed", error);
  }
}

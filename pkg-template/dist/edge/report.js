// The operator's view of a ledger.
import { send } from "./http.js";
import { carryOut } from "./store.js";
import { currentGeneration, resume } from "./wasm.js";

const PAGE = 100;

const isOpen = ({ state }) => ["granted", "settling", "unknown"].includes(state);
const units = (millionths) => (millionths / 1e6).toFixed(6);

/** What is outstanding, settled, failed and unknown, how much is lent, and how old the oldest unsettled check is. */
export async function report(store, now) {
  const rows = await store.tally();
  const sum = (counts, member) => rows.filter(counts).reduce((total, row) => total + row[member], 0);
  const part = (counts) => ({ count: sum(counts, "count"), worth: units(sum(counts, "worth")) });
  const oldest = Math.min(...rows.filter(isOpen).map(({ since }) => since));
  return {
    outstanding: part(isOpen),
    ...Object.fromEntries(["settled", "failed", "unknown"].map((state) => [state, part((row) => row.state === state)])),
    creditInUse: units(sum((row) => isOpen(row) || row.state === "claimed", "credit")),
    oldestUnsettled: Number.isFinite(oldest) ? { since: oldest, seconds: now - oldest } : null,
  };
}

/** The ledger against the last blocks of the chain, for one payee: from its first step on. */
export async function reconcile(store, step) {
  const born = currentGeneration();
  while (step.do !== "done") {
    const outcome =
      step.do === "http" ? await send(step) : step.do === "page" ? { page: await store.page(step.after, PAGE) } : await carryOut(store, step);
    step = resume(born, "reconcileResume", step.comparison, outcome);
  }
  return step.report;
}

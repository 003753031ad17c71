// The ledger against the chain.
import { send } from "./http.js";
import { settlerOf } from "./settler.js";
import { carryOut } from "./store.js";
import { cashierBuild as wasm } from "./wasm.js";

const PAGE = 100;

/** A report for each payee, one after the other: a node is asked gently. */
export async function reconcile(instance, payees, blocks) {
  const reports = [];
  for (const payee of payees) reports.push(await compare(instance, payee, blocks));
  return reports;
}

async function compare(instance, payee, blocks) {
  let step = wasm.call("reconcileBegin", settlerOf(instance), payee, blocks);
  const born = wasm.generation;
  while (step.do !== "done") step = wasm.resume(born, "reconcileResume", step.comparison, await outcome(instance, step));
  return step.report;
}

async function outcome({ store }, step) {
  if (step.do === "http") return send(step);
  return step.do === "page" ? { page: await store.page(step.after, PAGE) } : carryOut(store, step);
}

// Whether the settler can do its work, asked before anybody pays.
import { now } from "./clock.js";
import { send } from "./http.js";
import { settlerOf } from "./settler.js";
import { cashierBuild as wasm } from "./wasm.js";

/** Rejects where the relayer cannot pay for gas, or no node says whether it can. */
export async function ready(instance) {
  if (instance.settle.kind !== "relayer") return;
  let step = wasm.call("fundsBegin", settlerOf(instance), now());
  const born = wasm.generation;
  while (step.do !== "done") step = wasm.resume(born, "fundsResume", step.check, await send(step, instance), now());
}

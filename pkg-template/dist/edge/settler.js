// The settler of an instance, by its handle in the build that settles.
import { cashierBuild as wasm } from "./wasm.js";

/** What wasm calls a settler of this kind. */
const OPENERS = { relayer: "relayerOpen", facilitator: "handoverOpen" };

const settlers = new WeakMap();

/** Opened at its first use, and again after the wasm instance was replaced. */
export function settlerOf(instance) {
  const known = settlers.get(instance);
  if (known?.generation === wasm.generation) return known.handle;
  const { kind, options } = instance.settle;
  // Zero is nobody's handle.
  const handle = instance.settles ? wasm.call(OPENERS[kind], options) : 0;
  settlers.set(instance, { handle, generation: wasm.generation });
  return handle;
}

const accounts = new WeakMap();

/** The account that sends its transactions; undefined where there is no relayer. */
export function accountOf(instance) {
  const { kind, options } = instance.settle;
  if (kind === "relayer" && !accounts.has(instance)) accounts.set(instance, wasm.call("relayerAccount", options));
  return accounts.get(instance);
}

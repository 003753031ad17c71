// The gate that does everything: chain checks, facilitators, extensions.
import { send } from "./http.js";
import { fullGateBuild as wasm } from "./wasm.js";

export const FULL_GATE = {
  wasm,
  machine: "flow",
  send,
  // The seed is drawn here, because an instance is opened inside a handler: nothing is drawn at module scope (S74).
  open: (plain, settler) => wasm.call("gateOpen", { ...plain, seed: crypto.randomUUID() }, settler),
};

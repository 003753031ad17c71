// createFacilitator: verifies and settles for other people's servers.
import { X402Error } from "../errors.js";
import { drive } from "./drive.js";
import { send } from "./http.js";
import { Instance } from "./instance.js";
import { enrol, instanceOf } from "./registry.js";
import { cashierBuild as wasm } from "./wasm.js";

const FACILITATOR = {
  wasm,
  machine: "facilitator",
  send,
  open: ({ when, settles, hooks, relayer, ...plain }, { options }) =>
    wasm.call("facilitatorOpen", { ...plain, signer: wasm.call("relayerAccount", options), rpc: options.rpc }),
};

/** Options as an object, or as a function of the worker's environment that is called once for each environment. */
export function createFacilitator(options) {
  const instances = new WeakMap();
  const nowhere = {};
  const asks = typeof options === "function";
  const open = (env) => {
    // A plain object is one facilitator, whatever a host calls its environment: some make a new one for each request.
    const key = (asks && env) || nowhere;
    if (!instances.has(key)) instances.set(key, openInstance(asks ? options(env) : options, env));
    return instances.get(key);
  };
  enrol(open);
  const fetch = async (request, env) => {
    const instance = await open(env).opened();
    return drive(instance, () => instance.beginFacilitating(request), request);
  };
  return { fetch };
}

function openInstance({ name = "facilitator", ...options }, env) {
  if (options.settle?.kind !== "relayer") {
    throw new X402Error("invalid_config", "settle is a relayer({ rpc, key }): a facilitator sends the transfers itself.");
  }
  return new Instance(FACILITATOR, name, { ...options, name }, (issuer) => instanceOf(issuer, env));
}

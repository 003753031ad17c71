// x402-wasm/edge/lean: a gate that checks and sells, and leaves out what cashes and the full gate.
import { X402Error } from "../errors.js";
import { createGate as create } from "./gate.js";

/** As in x402-wasm/edge. The core is told what this entry brings along, and refuses what it cannot do. */
export const createGate = (options) => create(typeof options === "function" ? (env) => told(options(env)) : told(options));

const told = (options) => ({ ...options, cashes: false });

/** Called for what is not here: `part` is a loader's name, `why` what the gate said. */
export function leftOut(part, why) {
  if (part === "fullGate") throw new X402Error(why.code, `${why.message} x402-wasm/edge/lean leaves it out: import from x402-wasm/edge.`);
  const elsewhere = "in the worker that does, import from x402-wasm/edge, and let it have the ledger, its reports and comparisons";
  throw new X402Error("needs_cashier", `x402-wasm/edge/lean cashes nothing: ${elsewhere}.`);
}

// x402-wasm/edge/lean: a gate that checks and sells, and leaves out what cashes and the full gate.
import { X402Error } from "../errors.js";
import { createGate as create } from "./gate.js";

const ELSEWHERE = "x402-wasm/edge/lean cashes nothing: in the worker that does, import from x402-wasm/edge";
const CHOICES = 'settle is elsewhere() where another worker cashes what is sold here, or none()';

/** As in x402-wasm/edge. What this entry cannot do is refused with the options, before anything is sold. */
export function createGate(options) {
  return create(typeof options === "function" ? (env) => checked(options(env)) : checked(options));
}

/** Unlike the whole gate it has no default: a forgotten `settle` would sell checks that nobody cashes. */
function checked(options) {
  const { settle, operator } = options;
  if (!settle) throw new X402Error("invalid_config", `${CHOICES}.`);
  if (settle.kind !== "none") throw new X402Error("needs_cashier", `${ELSEWHERE}, and here ${CHOICES}.`);
  if (operator) throw new X402Error("needs_cashier", `${ELSEWHERE}, and let it have the operator's doors.`);
  return options;
}

/** Called for what is not here: `part` is a loader's name, `why` what the gate said. */
export function leftOut(part, why) {
  if (part === "fullGate") throw new X402Error(why.code, `${why.message} x402-wasm/edge/lean leaves it out: import from x402-wasm/edge.`);
  throw new X402Error("needs_cashier", `${ELSEWHERE}, and let it have the ledger, its reports and comparisons.`);
}

// The edge build's one instance in this isolate. Entry points say where the module comes from; nothing is compiled or
// instantiated before the first call, because edge runtimes refuse work at module scope.
import { X402Error } from "../errors.js";

let source;
let glue;
let isOpen = false;
let generation = 0;

/**
 * Called by an entry point, with the glue of its build. Where two are in one bundle, the one with the facilitator's doors
 * serves both: it has all of the other's.
 * @param {() => WebAssembly.Module | BufferSource} load
 */
export function loadFrom(ownGlue, load) {
  if (glue?.facilitatorOpen) return;
  glue = ownGlue;
  source = load;
}

/** How often the instance was replaced: handles of an earlier one are worth nothing. */
export const currentGeneration = () => generation;

/**
 * Goes on with what a call of that generation left behind. In a later instance the same handle is somebody else's: a
 * request that went on with it would be given another's ticket.
 */
export function resume(born, name, ...args) {
  if (born !== generation) throw replaced();
  return call(name, ...args);
}

/** Calls into wasm. What it throws becomes an X402Error; after a trap the instance is replaced (S69). */
export function call(name, ...args) {
  try {
    if (!isOpen) open();
    return glue[name](...args);
  } catch (error) {
    throw asX402Error(error);
  }
}

function open() {
  if (!source) throw new X402Error("not_initialized", "Import from x402-wasm/edge, which brings the wasm module along.");
  if (generation > 0) glue.__wbg_reset_state();
  else glue.initSync({ module: source() });
  isOpen = true;
}

function replaced() {
  return new X402Error("internal_error", "The wasm instance trapped and was replaced; send the same request again.");
}

function asX402Error(error) {
  if (error instanceof X402Error) return error;
  if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
    isOpen = false;
    generation += 1;
    return replaced();
  }
  return typeof error?.code === "string" ? new X402Error(error.code, error.message) : error;
}

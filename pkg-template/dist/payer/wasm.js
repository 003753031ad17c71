// The signing build's one instance. Entry points say where the module comes from; nothing is compiled or instantiated
// before the first call, because edge runtimes refuse work at module scope.
import * as glue from "../wasm/browser.js";
import { X402Error } from "../errors.js";

let source;
let loadLater;
let initialising;
let isOpen = false;
let generation = 0;

/**
 * Called once by an entry point whose module is at hand. Of two in one program the full build counts.
 * @param {() => WebAssembly.Module | BufferSource} load
 */
export function loadFrom(load, isFull) {
  if (isFull || !source) source = load;
}

/** Called once by an entry point whose module must be fetched. @param {() => Promise<Response>} load */
export function loadLaterFrom(load) {
  loadLater = load;
}

/** Compiles the module off the main thread: the entry point's own, or the one that is given. */
export function init(module) {
  return (initialising ??= prepare(module).catch((error) => {
    initialising = undefined;
    throw error;
  }));
}

async function prepare(given) {
  const module = await compiled(await (given ?? source?.() ?? loadLater?.()));
  if (module) source = () => module;
  if (!isOpen) open();
}

async function compiled(given) {
  if (!given || given instanceof WebAssembly.Module) return given;
  return WebAssembly.compile(given instanceof Response ? await given.arrayBuffer() : given);
}

/** How often the instance was replaced: handles of an earlier one are worth nothing. */
export const currentGeneration = () => generation;

/** Calls into wasm with plain values and reads its JSON. After a trap the instance is replaced (S69). */
export function call(name, values) {
  const request = JSON.stringify({ call: name, now: Math.floor(Date.now() / 1000), ...values });
  return read(run(() => glue.call(new TextEncoder().encode(request))));
}

/** A payer's state as text. It is long: it comes as it is kept, and is not read here. */
export function recordOf(payer) {
  const request = JSON.stringify({ call: "payer_record", payer });
  const answer = run(() => glue.call(new TextEncoder().encode(request)));
  const text = new TextDecoder().decode(answer);
  if (text.startsWith('{"error"')) read(answer);
  return text;
}

/** Takes a key into wasm and wipes it. One byte too many is enough to be refused (S73). */
export function importKey(key) {
  try {
    return read(run(() => glue.wallet_import(key.subarray(0, 33))));
  } finally {
    key.fill(0);
  }
}

function read(answer) {
  const told = JSON.parse(new TextDecoder().decode(answer));
  // A step that fails carries its error too, for its own reasons.
  if (told.error && !told.do) throw new X402Error(told.error.code, told.error.message);
  return told;
}

function run(act) {
  try {
    if (!isOpen) open();
    return act();
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError || error instanceof RangeError)) throw error;
    isOpen = false;
    generation += 1;
    throw new X402Error("internal_error", "The wasm instance trapped and was replaced; nothing is lost but keys in it.");
  }
}

function open() {
  if (!source) throw new X402Error("not_initialized", "Call `await init()` first, with the wasm module if you import from x402-wasm/slim.");
  if (generation > 0) glue.__wbg_reset_state();
  else glue.initSync({ module: source() });
  isOpen = true;
}

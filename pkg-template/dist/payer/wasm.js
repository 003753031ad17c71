// The signing builds, each with one instance. Entry points say where the modules come from; nothing is compiled or
// instantiated before the first call, because edge runtimes refuse work at module scope.
import { X402Error } from "../errors.js";
import { instantiate } from "./instance.js";

let loadLater;
let loadFull;
let full;
let fullness = -1;

/** A build. `source` gives its module, or the bytes of that, where they are at hand. */
function buildOf(source) {
  let initialising;
  let instance;

  const build = {
    /** How often the instance was replaced: handles of an earlier one are worth nothing. */
    generation: 0,

    loadFrom(load) {
      source = load;
    },

    /** Compiles the module off the main thread: the entry point's own, or the one that is given. */
    init: (module) =>
      (initialising ??= prepare(module).catch((error) => {
        initialising = undefined;
        throw error;
      })),

    /** Calls into wasm with plain values and reads its JSON. After a trap the instance is replaced (S69). */
    call: (name, values) =>
      run("call", new TextEncoder().encode(JSON.stringify({ call: name, now: Math.floor(Date.now() / 1000), ...values }))),

    /** Takes a key into wasm and wipes it. One byte too many is enough to be refused (S73). */
    importKey(key) {
      try {
        return run("wallet_import", key.subarray(0, 33));
      } finally {
        key.fill(0);
      }
    },
  };
  return build;

  async function prepare(given) {
    given = await (given ?? (source ?? loadLater)?.());
    if (given instanceof Response) given = await given.arrayBuffer();
    if (given && !(given instanceof WebAssembly.Module)) given = await WebAssembly.compile(given);
    if (given) source = () => given;
    open();
  }

  function run(name, given) {
    try {
      const [head, record] = open()(name, given).split("\n");
      const answer = JSON.parse(head);
      // Long, and kept as it comes.
      if (record) answer.record = record;
      // A step that fails carries its error too, for its own reasons.
      const { do: step, error } = answer;
      if (step || !error) return answer;
      throw new X402Error(error.code, error.message);
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError || error instanceof RangeError)) throw error;
      instance = undefined;
      build.generation += 1;
      throw new X402Error("internal_error", "The wasm instance trapped and was replaced; only keys in it are lost.");
    }
  }

  function open() {
    if (!source) throw new X402Error("not_initialized", "Call `await init()` first: with the wasm module, from x402-wasm/slim.");
    if (!instance) {
      const given = source();
      const module = given instanceof WebAssembly.Module ? given : new WebAssembly.Module(given);
      source = () => module;
      instance = instantiate(module);
    }
    return instance;
  }
}

/** The build that the entry points brought along. Keys live in it, and nowhere else. */
export const build = buildOf();

export const { init } = build;

/**
 * Called by an entry point whose module is at hand. Of several in one program the fullest counts.
 * @param {() => WebAssembly.Module | BufferSource} source
 */
export function loadFrom(source, howFull = 0) {
  if (howFull <= fullness) return;
  fullness = howFull;
  build.loadFrom(source);
}

/** Called by an entry point whose module must be fetched. @param {() => Promise<Response>} load */
export function loadLaterFrom(load) {
  loadLater = load;
}

/** Called by an entry point of a smaller build. @param {() => Promise} load answers with where the full one comes from */
export function loadFullWith(load) {
  loadFull = load;
}

/** How to load the full build, beside the one that is here. */
export function fullBuild() {
  if (!loadFull) throw new X402Error("needs_full_build", "This needs the full build: give `x402-wasm/full.wasm` to `init`.");
  return async () => {
    const { default: source } = await loadFull();
    full ??= buildOf(source);
    await full.init();
    return full;
  };
}

// The builds for workers, each with one instance in this isolate. Entry points say where the modules come from;
// nothing is compiled or instantiated before the first call, because edge runtimes refuse work at module scope.
import { X402Error } from "../errors.js";

class Build {
  #glue;
  #source;
  #isOpen = false;
  /** How often the instance was replaced: handles of an earlier one are worth nothing. */
  generation = 0;

  /** Called by an entry point. @param {() => WebAssembly.Module | BufferSource} source */
  loadFrom(glue, source) {
    this.#glue ??= glue;
    this.#source ??= source;
  }

  /** Calls into wasm. What it throws becomes an X402Error; after a trap the instance is replaced (S69). */
  call(name, ...args) {
    try {
      if (!this.#isOpen) this.#open();
      return this.#glue[name](...args);
    } catch (error) {
      throw this.#asX402Error(error);
    }
  }

  /**
   * Goes on with what a call of that generation left behind. In a later instance the same handle is somebody else's: a
   * request that went on with it would be given another's ticket.
   */
  resume(born, name, ...args) {
    if (born !== this.generation) throw replaced();
    return this.call(name, ...args);
  }

  #open() {
    if (!this.#source) throw notInitialized();
    if (this.generation > 0) this.#glue.__wbg_reset_state();
    else this.#glue.initSync({ module: this.#source() });
    this.#isOpen = true;
  }

  #asX402Error(error) {
    if (error instanceof X402Error) return error;
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
      this.#isOpen = false;
      this.generation += 1;
      return replaced();
    }
    return typeof error?.code === "string" ? new X402Error(error.code, error.message) : error;
  }
}

/** Verifies, as far as most gates do. */
export const gateBuild = new Build();
/** Verifies whatever a gate can be asked to. */
export const fullGateBuild = new Build();
/** Settles, reconciles, and is a facilitator. */
export const cashierBuild = new Build();

function replaced() {
  return new X402Error("internal_error", "The wasm instance trapped and was replaced; send the same request again.");
}

export function notInitialized() {
  return new X402Error("not_initialized", "Import from x402-wasm/edge, which brings the wasm module along.");
}

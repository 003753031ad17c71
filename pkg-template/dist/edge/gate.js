// createGate: what the operator writes, and how a request goes through the machine in wasm.
import { X402Error } from "../errors.js";
import { drive } from "./drive.js";
import { Instance } from "./instance.js";
import { ready } from "./later.js";
import { enrol, instanceOf } from "./registry.js";
import { gateBuild as wasm } from "./wasm.js";

/** What most gates are; the full one is loaded where the options ask for more. It sends no requests of its own. */
let kind = {
  wasm,
  machine: "flow",
  open: (plain, settler) => wasm.call("gateOpen", plain, settler),
};

/** Called by an entry point whose gates are of another kind from the start. */
export const startWith = (given) => (kind = given);

/** In place of an environment, where there is none. */
const NOWHERE = {};

/** Options as an object, or as a function of the worker's environment that is called once for each environment. */
export function createGate(options) {
  return new Gate(options);
}

class Gate {
  #options;
  #handlers = new Map();
  #instances = new WeakMap();

  constructor(options) {
    this.#options = options;
    enrol((env) => this.#instance(env));
  }

  /** A whole worker behind the route table. */
  protect(handler) {
    const fetch = async (request, env, ctx) => {
      const instance = await this.#opened(env);
      return drive(instance, () => instance.begin(request), request, ctx, (ticket) => handler(request, env, ctx, ticket));
    };
    return { fetch };
  }

  /** One handler of any router. `scope` names what a ticket for it opens. */
  paid(options, handler) {
    this.#register(options);
    return async (request, env, ctx) => {
      const instance = await this.#opened(env);
      const begin = () => instance.beginScope(options.scope, request);
      return drive(instance, begin, request, ctx, (ticket) => handler(request, env, ctx, ticket));
    };
  }

  /** The ticket office, for routers that mount it themselves. */
  office = async (request, env, ctx) => {
    const instance = await this.#opened(env);
    return drive(instance, () => instance.beginOffice(request), request, ctx);
  };

  /**
   * Inside a handler: `{ response }` to be sent as it is, or `{ ticket, finish }`. What is sent instead goes through
   * `finish`, which grants the payment and adds its receipt.
   */
  async admit(request, options, env, ctx) {
    this.#register(options);
    const instance = await this.#opened(env);
    const { promise, resolve, reject } = deferred();
    const handled = deferred();
    const begin = () => instance.beginScope(options.scope, request);
    const answer = drive(instance, begin, request, ctx, (ticket) => {
      resolve({ ticket, finish: (response) => (handled.resolve(response), answer) });
      return handled.promise;
    });
    answer.then((response) => resolve({ response }), reject);
    return promise;
  }

  /** Rejects where this gate cannot do its work: its options are wrong, or its relayer cannot pay for gas. */
  async ready(env) {
    const instance = await this.#opened(env);
    if (instance.settles) await ready(instance);
  }

  /** What the ledger holds: outstanding, settled, failed, unknown, credit in use, the oldest unsettled check. */
  async report(env) {
    return (await this.#opened(env)).report();
  }

  /** What differs between the ledger and the last `blocks` of the chain: a report for each payee and asset. */
  async reconcile(env, { blocks } = {}) {
    return (await this.#opened(env)).reconcile(blocks);
  }

  /** A payment's public state by its ticket's `jti`; undefined where there is none. */
  async payment(env, jti) {
    return (await this.#opened(env)).payment(jti);
  }

  /** The networks whose payments this gate accepts on the signature alone. */
  unchecked(env) {
    return this.#instance(env).unchecked();
  }

  #register(options) {
    const { scope } = options;
    const known = this.#handlers.get(scope);
    if (known && JSON.stringify(known) !== JSON.stringify(options)) {
      throw new X402Error("invalid_config", `The scope "${scope}" is registered with other options.`);
    }
    if (known) return;
    this.#handlers.set(scope, options);
    this.#instances = new WeakMap();
  }

  /** The instance, or a promise of it. */
  #opened(env) {
    return this.#instance(env).opened();
  }

  #instance(env) {
    const asks = typeof this.#options === "function";
    // A plain object is one gate, whatever a host calls its environment: some make a new one for each request.
    const key = (asks && env) || NOWHERE;
    let instance = this.#instances.get(key);
    if (!instance) {
      const options = asks ? this.#options(env) : this.#options;
      const plain = { ...options, handlers: [...this.#handlers.values()] };
      instance = new Instance(kind, options.tickets?.issuer, plain, (issuer) => instanceOf(issuer, env));
      this.#instances.set(key, instance);
    }
    return instance;
  }
}

function deferred() {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
}

// One gate or facilitator under one environment: its handles in wasm, its store, its settler.
import { now } from "./clock.js";
import { accountOf, loaded, reconcile, report, wakeAt } from "./later.js";
import { clientOptions, none } from "./settle.js";
import { carryOut, checkedStore } from "./store.js";

/** What an instance may need to be opened, by the code that says so. */
const NEEDS = {
  needs_full_gate: async (instance, why) => (instance.kind = (await loaded("fullGate", why)).FULL_GATE),
  needs_relayer: async (instance) => (instance.account = await accountOf(instance)),
};

/** What a paid answer is dressed in. */
const DRESS = ["Cache-Control", "Access-Control-Allow-Origin", "Access-Control-Expose-Headers"];

/**
 * A gate or a facilitator. `kind` is the build that it lives in, what its flows are called there, how it is opened, and
 * how its requests are sent.
 */
export class Instance {
  #plain;
  #handle;
  #cashier;
  #dress;
  #generation = -1;

  /** `issuer` is what its records are found by; `instanceFor(issuer)` finds this one and its siblings. */
  constructor(kind, issuer, { ledger, settle, verify, hooks, ...plain }, instanceFor) {
    this.kind = kind;
    this.issuer = issuer;
    this.hooks = { ...hooks };
    this.settle = settle ?? none();
    this.paywall = plain.paywall;
    this.verify = verify;
    this.settles = this.settle.kind !== "none";
    this.store = checkedStore(ledger, plain.credit);
    this.#plain = {
      ...plain,
      when: plain.when ?? settle?.options?.when,
      // Whether one is missing that has to be said is not decided here.
      settles: settle && this.settles,
      elsewhere: settle?.elsewhere,
      hooks: named(this.hooks),
      forgets: ledger.forgets,
      settleVia: clientOptions(settle),
      verifyVia: clientOptions(verify),
    };
    if (!this.store.settlesItself && this.settles) {
      this.#cashier = (dueAt) => wakeAt(this.store, instanceFor, dueAt).catch(console.error);
    }
  }

  /** Opens it at its first use, and loads what it needs for that: itself, or a promise of it. */
  opened() {
    return this.#generation < 0 ? this.#opening() : this;
  }

  async #opening() {
    while (this.#generation < 0) {
      try {
        this.#open();
        // A store that does not wake up by itself is cashed by a timer of this process. It may hold checks of an earlier one.
        this.#cashier?.(now());
      } catch (error) {
        const supply = NEEDS[error.code];
        if (!supply) throw error;
        await supply(this, error);
      }
    }
    return this;
  }

  begin(request) {
    return this.#call("gateBegin", request, now());
  }

  beginScope(scope, request) {
    return this.#call("gateBeginScope", scope, request, now());
  }

  beginOffice(request) {
    return this.#call("gateBeginOffice", request, now());
  }

  beginFacilitating(request) {
    return this.#call("facilitatorBegin", request);
  }

  /** What it is for an answer that has none of it is asked once: it is the same for all of them. */
  dress(headers) {
    const own = DRESS.map((name) => headers.get(name));
    const isBare = own.every((value) => value === null);
    const dress = (isBare && this.#dress) || this.#call("gateDress", own);
    if (isBare) this.#dress = dress;
    for (const [name, value] of dress) headers.set(name, value);
  }

  unchecked() {
    return this.kind.wasm.call("gateUnchecked", this.#options()).split(" ").filter(Boolean);
  }

  report() {
    return report(this.store, now());
  }

  reconcile(blocks = 10_000) {
    return reconcile(this, this.#call("gatePayees"), Number(blocks));
  }

  async payment(jti) {
    const stored = /^[0-9a-f]{64}$/.test(jti) ? await this.store.read(jti) : undefined;
    return stored && this.kind.wasm.call("recordPublic", stored.record);
  }

  /** Carries out an operation of the ledger, and wakes whoever cashes what is due then. */
  async ledger(op) {
    const outcome = await carryOut(this.store, op);
    if (outcome.written && op.dueAt !== undefined) this.#cashier?.(op.dueAt);
    return outcome;
  }

  #call(name, ...args) {
    this.#open();
    return this.kind.wasm.call(name, this.#handle, ...args);
  }

  /** Opens the handle, again after the wasm instance was replaced. */
  #open() {
    const { wasm, open } = this.kind;
    if (this.#generation === wasm.generation) return;
    const { kind, options } = this.settle;
    this.#handle = open(this.#options(), { kind, options });
    this.#generation = wasm.generation;
  }

  /** Some payments are good for the relayer's account alone: that there is one is said before it is known. */
  #options() {
    return { ...this.#plain, relayer: this.account ?? (this.settle.kind === "relayer" || undefined) };
  }
}

/** The hooks that are given, and what each is that is no function: whether that will do is not decided here. */
function named(hooks) {
  const given = Object.entries(hooks).filter(([, hook]) => hook !== undefined);
  return given.map(([name, hook]) => (typeof hook === "function" ? name : `${name}: ${typeof hook}`));
}

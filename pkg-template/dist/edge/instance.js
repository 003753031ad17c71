// One gate or facilitator under one environment: its handles in wasm, its store, its settler.
import { now } from "./clock.js";
import { reconcile, report, wakeAt } from "./later.js";
import { clientOptions, headersFor, none } from "./settle.js";
import { carryOut, checkedStore } from "./store.js";

/** Settlers by their kind: what reads their options in wasm, and says what is wrong with them, is called this. */
const ACCOUNTS = { relayer: "relayerAccount", facilitator: "handoverAccount" };

/**
 * A gate or a facilitator. `kind` is the build that it lives in, what its flows are called there, and how it is opened.
 */
export class Instance {
  #plain;
  #verify;
  #handle;
  #wakeAt;
  #generation = -1;

  /** `issuer` is what its records are found by; `instanceFor(issuer)` finds this one and its siblings. */
  constructor(kind, issuer, { ledger, settle = none(), verify, hooks, ...plain }, instanceFor) {
    this.kind = kind;
    this.issuer = issuer;
    this.hooks = { ...hooks };
    this.settle = settle;
    this.#verify = verify;
    this.settles = settle.kind !== "none";
    const when = plain.when ?? settle.options?.when;
    this.store = checkedStore(ledger, plain.credit);
    const own = { when, settles: this.settles, hooks: named(this.hooks), forgets: ledger.forgets };
    this.#plain = { ...plain, ...own, settleVia: clientOptions(settle), verifyVia: clientOptions(verify) };
    this.#open();
    // A store that does not wake up by itself is cashed by a timer of this process. It may hold checks of an earlier one.
    if (!this.store.settlesItself && this.settles) {
      this.#wakeAt = (dueAt) => wakeAt(this.store, instanceFor, dueAt).catch(console.error);
      this.#wakeAt(now());
    }
  }

  begin(request) {
    return this.#call("gateBegin", request, now());
  }

  beginScope(scope, request) {
    return this.#call("gateBeginScope", scope, request, now());
  }

  beginOffice(request) {
    return this.#call("gateBeginOffice", request);
  }

  beginFacilitating(request) {
    return this.#call("facilitatorBegin", request);
  }

  dress(headers) {
    this.#call("gateDress", headers);
  }

  /** The operator's own headers for a door of a facilitator. */
  headersFor(door) {
    return headersFor(door === "verify" ? this.#verify : this.settle, door);
  }

  unchecked() {
    return this.#call("gateUnchecked").split(" ").filter(Boolean);
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
    if (outcome.written && op.dueAt !== undefined) this.#wakeAt?.(op.dueAt);
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
    // Some payments are good for one account alone: the gate asks for those that its settler can cash.
    this.relayer = this.settles ? wasm.call(ACCOUNTS[this.settle.kind], this.settle.options) : undefined;
    this.#handle = open(this.#plain, this.relayer, this.settle.options);
    this.#generation = wasm.generation;
  }
}

/** The hooks that are given, and what each is that is no function: whether that will do is not decided here. */
function named(hooks) {
  const given = Object.entries(hooks).filter(([, hook]) => hook !== undefined);
  return given.map(([name, hook]) => (typeof hook === "function" ? name : `${name}: ${typeof hook}`));
}

// One gate under one environment: its handles in wasm, its store, its settler.
import { cashierOf } from "./cashier.js";
import { now } from "./clock.js";
import { reconcile, report } from "./report.js";
import { carryOut, checkedStore } from "./store.js";
import { call, currentGeneration } from "./wasm.js";

export class Instance {
  #plain;
  #settle;
  #gate;
  #settler;
  #generation = -1;

  /** `instanceFor(issuer)` finds this one and its siblings. */
  constructor({ ledger, settle = { kind: "none" }, hooks, ...plain }, handlers, instanceFor) {
    this.hooks = { ...hooks };
    this.#settle = settle;
    this.settles = settle.kind !== "none";
    const when = plain.when ?? settle.options?.when;
    this.store = checkedStore(ledger, this.settles && when !== "before", plain.credit);
    this.#plain = { ...plain, when, handlers, hooks: named(this.hooks), settles: this.settles };
    this.issuer = plain.tickets?.issuer;
    this.#open();
    this.relayer = this.#settler && call("relayerAddress", this.#settler);
    // A store that does not wake up by itself is cashed by a timer of this process.
    if (!this.store.settlesItself && this.settles) this.cashier = cashierOf(this.store, instanceFor);
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

  dress(headers) {
    this.#call("gateDress", headers);
  }

  unchecked() {
    return this.#call("gateUnchecked").split(" ").filter(Boolean);
  }

  beginCashing(stored) {
    this.#open();
    return call("cashingBegin", this.#settler, stored, now());
  }

  report() {
    return report(this.store, now());
  }

  /** One after the other: a node is asked gently. */
  async reconcile(blocks = 10_000) {
    const reports = [];
    for (;;) {
      const step = this.#call("reconcileBegin", this.#settler, reports.length, Number(blocks));
      if (step === undefined) return reports;
      reports.push(await reconcile(this.store, step));
    }
  }

  async payment(jti) {
    const stored = /^[0-9a-f]{64}$/.test(jti) ? await this.store.read(jti) : undefined;
    return stored && call("recordPublic", stored.record);
  }

  /** Carries out an operation of the ledger, and wakes whoever cashes what is due then. */
  async ledger(op) {
    const outcome = await carryOut(this.store, op);
    if (outcome.written && op.dueAt !== undefined) this.cashier?.wakeAt(op.dueAt);
    return outcome;
  }

  #call(name, ...args) {
    this.#open();
    return call(name, this.#gate, ...args);
  }

  /** Opens the handles, again after the wasm instance was replaced. */
  #open() {
    if (this.#generation === currentGeneration()) return;
    this.#settler = this.#settle.kind === "relayer" ? call("relayerOpen", this.#settle.options) : undefined;
    // Some payments are good for one account alone: the gate asks for those that its settler can cash.
    const relayer = this.#settler === undefined ? undefined : call("relayerAddress", this.#settler);
    // Drawn here, because an instance is opened inside a handler: nothing is drawn at module scope (S74).
    const seed = crypto.randomUUID();
    this.#gate = call("gateOpen", { ...this.#plain, relayer, seed });
    this.#generation = currentGeneration();
  }
}

/** The hooks that are given, and what each is that is no function: whether that will do is not decided here. */
function named(hooks) {
  const given = Object.entries(hooks).filter(([, hook]) => hook !== undefined);
  return given.map(([name, hook]) => (typeof hook === "function" ? name : `${name}: ${typeof hook}`));
}

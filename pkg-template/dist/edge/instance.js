// One gate or facilitator under one environment: its handles in wasm, its store, its settler.
import { cashierOf } from "./cashier.js";
import { now } from "./clock.js";
import { reconcile, report } from "./report.js";
import { clientOptions, headersFor, none } from "./settle.js";
import { carryOut, checkedStore } from "./store.js";
import { call, currentGeneration } from "./wasm.js";

/** What wasm calls a settler of this kind. */
const SETTLERS = { relayer: "relayerOpen", facilitator: "handoverOpen" };

/** What an instance is one of: what wasm calls its flows, and how it is opened there. */
export const GATE = {
  machine: "flow",
  // The seed is drawn here, because an instance is opened inside a handler: nothing is drawn at module scope (S74).
  open: (plain, relayer) => call("gateOpen", { ...plain, relayer, seed: crypto.randomUUID() }),
};
export const FACILITATOR = {
  machine: "facilitator",
  open: ({ when, settles, hooks, ...plain }, signer, { rpc }) => call("facilitatorOpen", { ...plain, signer, rpc }),
};

export class Instance {
  #kind;
  #plain;
  #settle;
  #verify;
  #handle;
  #settler;
  #generation = -1;

  /** `issuer` is what its records are found by; `instanceFor(issuer)` finds this one and its siblings. */
  constructor(kind, issuer, { ledger, settle = none(), verify, hooks, ...plain }, instanceFor) {
    this.#kind = kind;
    this.machine = kind.machine;
    this.issuer = issuer;
    this.hooks = { ...hooks };
    this.#settle = settle;
    this.#verify = verify;
    this.settles = settle.kind !== "none";
    const when = plain.when ?? settle.options?.when;
    this.store = checkedStore(ledger, this.settles && when !== "before", plain.credit);
    const own = { when, settles: this.settles, hooks: named(this.hooks) };
    this.#plain = { ...plain, ...own, settleVia: clientOptions(settle), verifyVia: clientOptions(verify) };
    this.#open();
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

  beginFacilitating(request) {
    return this.#call("facilitatorBegin", request);
  }

  /** The operator's own headers for a door of a facilitator. */
  headersFor(door) {
    return headersFor(door === "verify" ? this.#verify : this.#settle, door);
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
    return call(name, this.#handle, ...args);
  }

  /** Opens the handles, again after the wasm instance was replaced. */
  #open() {
    if (this.#generation === currentGeneration()) return;
    this.#settler = this.settles ? call(SETTLERS[this.#settle.kind], this.#settle.options) : undefined;
    // Some payments are good for one account alone: the gate asks for those that its settler can cash.
    this.relayer = this.#settle.kind === "relayer" ? call("relayerAddress", this.#settler) : undefined;
    this.#handle = this.#kind.open(this.#plain, this.relayer, this.#settle.options);
    this.#generation = currentGeneration();
  }
}

/** The hooks that are given, and what each is that is no function: whether that will do is not decided here. */
function named(hooks) {
  const given = Object.entries(hooks).filter(([, hook]) => hook !== undefined);
  return given.map(([name, hook]) => (typeof hook === "function" ? name : `${name}: ${typeof hook}`));
}

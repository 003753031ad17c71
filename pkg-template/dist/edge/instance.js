// One gate or facilitator under one environment: its handles in wasm, its store, its settler.
import { cashierOf } from "./cashier.js";
import { now } from "./clock.js";
import { report } from "./report.js";
import { clientOptions, headersFor, none } from "./settle.js";
import { carryOut, checkedStore } from "./store.js";
import { call, currentGeneration } from "./wasm.js";

/** What wasm calls a settler of this kind. */
const SETTLERS = { relayer: "relayerOpen", facilitator: "handoverOpen" };

/** What an instance is one of: what wasm calls its flows, and how it is opened there. */
export const GATE = { machine: "flow", open: (plain, relayer) => call("gateOpen", { ...plain, relayer }) };
export const FACILITATOR = {
  machine: "facilitator",
  open: ({ when, settles, ...plain }, signer, { rpc }) => call("facilitatorOpen", { ...plain, signer, rpc }),
};

export class Instance {
  #kind;
  #plain;
  #settle;
  #verify;
  #onSettleFailed;
  #handle;
  #settler;
  #generation = -1;

  /** `issuer` is what its records are found by; `instanceFor(issuer)` finds this one and its siblings. */
  constructor(kind, issuer, { ledger, settle = none(), verify, onSettleFailed, ...plain }, instanceFor) {
    this.#kind = kind;
    this.machine = kind.machine;
    this.issuer = issuer;
    this.#settle = settle;
    this.#verify = verify;
    this.settles = settle.kind !== "none";
    const when = plain.when ?? settle.options?.when;
    this.store = checkedStore(ledger, this.settles && when !== "before", plain.credit);
    this.#onSettleFailed = onSettleFailed;
    this.#plain = { ...plain, when, settles: this.settles, settleVia: clientOptions(settle), verifyVia: clientOptions(verify) };
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

  /** The operator's hook hears of a check that bounced, or would now. What goes wrong there stops nobody. */
  async tell(payment) {
    if (!["failed", "transaction_reverted", "simulation_reverts"].includes(payment.finding)) return;
    try {
      await this.#onSettleFailed?.(payment);
    } catch (error) {
      console.error("x402-wasm: onSettleFailed threw", error);
    }
  }

  report() {
    return report(this.store, now());
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

// One gate or facilitator under one environment: its handles in wasm, its store, its settler.
import { X402Error } from "../errors.js";
import { Cashier } from "./cashier.js";
import { now } from "./clock.js";
import { headersFor } from "./settle.js";
import { call, currentGeneration } from "./wasm.js";

/** What wasm calls a settler of this kind. */
const SETTLERS = { relayer: "relayerOpen", facilitator: "handoverOpen" };

/** What an instance is one of: what wasm calls its flows, and how it is opened there. */
export const GATE = { machine: "flow", open: (plain) => call("gateOpen", plain) };
export const FACILITATOR = {
  machine: "facilitator",
  open: (plain, settler) => call("facilitatorOpen", { ...plain, signer: call("relayerAddress", settler) }),
};

export class Instance {
  #kind;
  #plain;
  #settle;
  #handle;
  #settler;
  #generation = -1;

  /** `issuer` is what its records are found by. */
  constructor(kind, issuer, { ledger, settle, ...plain }) {
    this.#kind = kind;
    this.machine = kind.machine;
    this.issuer = issuer;
    this.store = checkedStore(ledger);
    this.#settle = settle ?? { kind: "none" };
    this.#plain = plain;
    this.#open();
    // A store that does not wake up by itself is cashed by a timer of this process.
    if (!this.store.settlesItself && this.#settler !== undefined) this.cashier = new Cashier(this.store, () => this);
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

  dress(headers, receipt) {
    this.#call("gateDress", headers, receipt);
  }

  beginFacilitating(request) {
    return this.#call("facilitatorBegin", request);
  }

  /** The operator's own headers for a door of a facilitator. */
  headersFor(door) {
    return headersFor(this.#settle, door);
  }

  beginCashing(stored) {
    if (!this.#settle || this.#settle.kind === "none") return { do: "done" };
    this.#open();
    return call("cashingBegin", this.#settler, stored, now());
  }

  async payment(jti) {
    const stored = /^[0-9a-f]{64}$/.test(jti) ? await this.store.read(jti) : undefined;
    return stored && call("recordPublic", stored.record);
  }

  /** Carries out an operation of the ledger. What fails is `unreachable`: whether it happened is not known. */
  async ledger({ key, expected, record, dueAt }) {
    try {
      if (expected === undefined) return { found: (await this.store.read(key)) ?? false };
      const written = await this.store.write(key, expected, record, dueAt);
      if (written && dueAt !== undefined) this.cashier?.wakeAt(dueAt);
      return { written };
    } catch (error) {
      console.error("x402-wasm: the ledger does not answer", error);
      return { unreachable: true };
    }
  }

  #call(name, ...args) {
    this.#open();
    return call(name, this.#handle, ...args);
  }

  /** Opens the handles, again after the wasm instance was replaced. */
  #open() {
    if (this.#generation === currentGeneration()) return;
    this.#settler = this.#settle.kind === "none" ? undefined : call(SETTLERS[this.#settle.kind], this.#settle.options);
    this.#handle = this.#kind.open(this.#plain, this.#settler);
    this.#generation = currentGeneration();
  }
}

function checkedStore(ledger) {
  if (typeof ledger?.getWithMetadata === "function") {
    const why = "A KV namespace is eventually consistent, so one payment would be granted many times";
    throw new X402Error("store_not_atomic", `${why}: use durableObject(), or another store with compare-and-set.`);
  }
  if (typeof ledger?.read !== "function" || typeof ledger?.write !== "function") {
    throw new X402Error("invalid_config", "ledger is a store such as durableObject(env.LEDGER) or memory().");
  }
  return ledger;
}

// verify_and_settle: a gate for one price each, all over one ledger, so that the relayer's key has one writer (S52).
import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { memory } from "../edge/memory.js";
import { createGate, relayer } from "../entry/edge.inline.js";
import { decodePaymentSignatureHeader } from "../entry/inline.js";
import { X402Error } from "../errors.js";

const PATIENCE_MS = 60_000;
const LOOK_MS = 250;

export class Cashdesk {
  #settle;
  #ledger = memory();
  #tickets = randomBytes(32).toString("base64url");
  #gates = new Map();

  /** @param {{ rpc: string, key: string }} options */
  constructor(options) {
    this.#settle = relayer(options);
  }

  /** Resolves when the check is cashed, or after a minute with the state that it has by then. */
  async cash({ payment, requirements }, signal) {
    const gate = this.#gateFor(requirements);
    const body = JSON.stringify(typeof payment === "string" ? documentOf(payment) : payment);
    const answer = await gate.office(new Request("https://cashdesk.invalid/token?scope=check", { method: "POST", body }));
    const { jti, code, message } = await answer.json();
    if (!answer.ok) throw new X402Error(code, message);
    for (const end = Date.now() + PATIENCE_MS; ; await pause(LOOK_MS)) {
      const { grantedAt, finding, ...state } = await gate.payment(undefined, jti);
      if (state.state === "failed") throw new X402Error("payment_failed", `This payment can never be cashed: ${state.evidence}.`);
      if (state.state === "settled") return { ...state, jti };
      if (signal.aborted || Date.now() > end) return { ...state, finding, jti, note: "Not final yet: ask again with the same payment." };
    }
  }

  #gateFor({ scheme = "exact", network, amount, asset, payTo, maxTimeoutSeconds }) {
    const route = { accepts: [{ scheme, network, amount, asset, payTo, maxTimeoutSeconds }], scope: "check" };
    const price = JSON.stringify(route);
    if (!this.#gates.has(price)) this.#gates.set(price, this.#gate(route));
    return this.#gates.get(price);
  }

  #gate({ accepts, scope }) {
    const tickets = { issuer: `cashdesk:${this.#gates.size}`, keys: [{ kid: "cashdesk", secret: this.#tickets }] };
    const routes = { "POST /check": { accepts, ticket: { scope } } };
    return createGate({ tickets, routes, ledger: this.#ledger, settle: this.#settle });
  }
}

function documentOf(text) {
  if (!text.trim().startsWith("{")) return decodePaymentSignatureHeader(text.trim());
  try {
    return JSON.parse(text);
  } catch {
    throw new X402Error("invalid_json", "payment is a PAYMENT-SIGNATURE header, or its JSON.");
  }
}

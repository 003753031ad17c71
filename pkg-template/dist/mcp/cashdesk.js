// verify_and_settle: a gate for each price that settles first, all over one ledger, so that the relayer's key has one
// writer (S52). A restart forgets what was settled, and the chain refuses it a second time.
import { randomBytes } from "node:crypto";
import { memory } from "../edge/memory.js";
import { createGate, relayer } from "../entry/edge.fast.js";
import { decodePaymentSignatureHeader } from "../entry/full.fast.js";
import { X402Error } from "../errors.js";

export class Cashdesk {
  #settle;
  #ledger = memory();
  #tickets = randomBytes(32).toString("base64url");
  #gates = new Map();

  /** @param {{ rpc: string, key: string }} options */
  constructor(options) {
    this.#settle = relayer({ ...options, when: "before" });
  }

  /** What became of the payment, once its transfer is on the chain. Where that takes long it fails, to be asked again. */
  async cash({ payment, requirements }) {
    const gate = this.#gateFor(requirements);
    const body = JSON.stringify(typeof payment === "string" ? documentOf(payment) : payment);
    const answer = await gate.office(new Request("https://cashdesk.invalid/token?scope=check", { method: "POST", body }));
    const { jti, code, message } = await answer.json();
    if (!answer.ok) throw new X402Error(code, message);
    const { state, payer, payTo, network, asset, amount, transaction } = await gate.payment(undefined, jti);
    return { state, payer, payTo, network, asset, amount, transaction, jti };
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

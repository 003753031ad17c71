import type { Payment } from "../edge.js";

/** Where something happened. */
export interface Place {
  /** The route's id as configured, or the scope of a handler that is wrapped on its own. Absent at the office. */
  route?: string;
  /** What a ticket opens there. Absent at the office where it was not told or is not sold. */
  scope?: string;
}

/** A payment whose signature was checked, or the one that a ticket tells of. */
export interface Paid {
  /** The payer's address. */
  payer: string;
  /** CAIP-2. */
  network: string;
  /** The asset's contract. */
  asset: string;
  /** Atomic units, a decimal string. */
  amount: string;
  /** The ledger's key of the payment. */
  jti: string;
}

/** What became of a check: the payment's public state, and its `jti`. */
export type Check = Payment & { jti: string };

/**
 * What the gate tells, never with a signature or a ticket. A hook runs beside the answer: it changes nothing, nothing
 * waits for it, and `ctx.waitUntil` carries it where there is one. One that throws, or does not end within ten seconds,
 * is logged.
 *
 * A gated request tells one of `onAdmitted`, `onChallenge`, `onRefused` and `onVerified`; a verified payment then one of
 * `onTicket`, `onReleased` and `onRefused`. A payment tells `onSettled` or `onSettleFailed` at most once, in whichever
 * process closed its record, and not at all where that process dies right then: `gate.payment()` still knows.
 */
export interface Hooks {
  /** A ticket opened the gate. One in x402-mock's format does not say who paid. */
  onAdmitted?(event: Required<Place> & Partial<Paid>): unknown;
  /** A request brought no payment and no good ticket, and was told the price. `code` says why: `payment_required`, or what was wrong with its ticket. */
  onChallenge?(event: Required<Place> & { code: string }): unknown;
  /** A payment passed every check; the ledger comes next. */
  onVerified?(event: Place & Paid): unknown;
  /** A payment was not accepted, or a ticket could not be looked up. Who pays is told only where the signature was good. */
  onRefused?(event: Place & Partial<Paid> & { code: string }): unknown;
  /** A ticket was handed out for a payment: on the resource together with the answer. `again` where it had been before. */
  onTicket?(event: Place & Paid & { again?: true }): unknown;
  /** The handler failed, so the payment stays unused. */
  onReleased?(event: Required<Place> & Paid): unknown;
  /** The transfer is on the chain. */
  onSettled?(event: Check & { state: "settled"; transaction: string; settledAt: number }): unknown;
  /** The check can never be cashed; `evidence` says why. */
  onSettleFailed?(event: Check & { state: "failed"; evidence: string }): unknown;
  /** A transaction was sent, and what became of it is out of sight. It is looked for until that is known. */
  onUnknown?(event: Check & { state: "unknown" }): unknown;
}

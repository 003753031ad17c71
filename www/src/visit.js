import { bytesReceived, bytesSent } from "./trace.js";
import { bytes, dollars, milliseconds } from "./format.js";

/** The five steps of a visit, in order. */
export const STEPS = ["ask", "sign", "ticket", "watch", "cash"];

/** Everything that was seen of one person going to see one film. */
export class Visit {
  constructor(film, number) {
    this.film = film;
    this.number = number;
    this.reached = new Set();
  }

  get skipped() {
    return this.watched !== undefined && this.office === undefined;
  }

  /** Time that the payer took between the 402 and the request to the office. */
  get signing() {
    return this.payment?.milliseconds ?? this.measuredSigning;
  }

  /** The whole visit on the wire, in milliseconds. */
  get total() {
    return [this.asked, this.office, this.watched].reduce(
      (sum, exchange) => sum + (exchange?.milliseconds ?? 0),
      this.signing ?? 0,
    );
  }

  /** What the film strip shows of a step. */
  frameOf(step) {
    const shown = FRAMES[step](this);
    if (this.failedAt === step) return { ...shown, state: "failed" };
    if (this.skipped && step !== "watch") return { ...shown, state: "skipped", line: "not needed", cost: "0 ms · 0 B" };
    return { ...shown, state: this.reached.has(step) ? "done" : "later", ...(step === "cash" && cashState(this)) };
  }
}

const FRAMES = {
  ask: ({ asked }) => ({ name: "Ask", what: "“The film, please.” “402.”", tone: "refused", ...exchangeLines(asked) }),
  sign: ({ payment, signing }) => ({
    name: "Sign",
    what: "One check, signed in the page.",
    line: payment && `${dollars(payment.amount)} ${payment.symbol}, no transaction`,
    cost: signing === undefined ? undefined : milliseconds(signing),
  }),
  ticket: ({ office }) => ({ name: "Ticket", what: "The check for a ticket.", ...exchangeLines(office) }),
  watch: ({ watched }) => ({ name: "Watch", what: "The ticket opens the door.", tone: "good", ...exchangeLines(watched) }),
  cash: ({ record, cashedAfter }) => ({
    name: "Cash",
    what: "Later, on chain.",
    tone: "good",
    line: record && (record.transfer ? `settled in block ${record.transfer.block}` : record.state),
    cost: cashedAfter && `${(cashedAfter / 1000).toFixed(1)} s after the ticket`,
  }),
};

function exchangeLines(exchange) {
  if (exchange?.responseBody === undefined) return {};
  const { method, path, status } = exchange;
  return {
    line: `${method} ${path} → ${status}`,
    cost: `${milliseconds(exchange.milliseconds)} · ${bytes(bytesSent(exchange) + bytesReceived(exchange))}`,
  };
}

function cashState({ record, reached }) {
  if (!record || !reached.has("watch")) return { state: "later" };
  if (record.state === "settled") return { state: reached.has("cash") ? "done" : "now" };
  return { state: record.state === "failed" ? "failed" : "now" };
}

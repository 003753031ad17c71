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

  /** A ticket of an earlier visit opened the door: nothing was signed. */
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
    const happened = step === "watch" || (step === "ask" && this.asked);
    if (this.skipped && !happened) return { ...shown, state: "skipped", line: "not needed", cost: "0 ms · 0 B" };
    if (this.reached.has(step)) return { ...shown, state: step === "cash" && this.record.state === "failed" ? "failed" : "done" };
    // The play runs behind the facts: a frame keeps its numbers until its scene is on.
    const { name, what } = shown;
    const waiting = step === "cash" && this.reached.has("watch") && this.ticket;
    return waiting ? { name, what, line: "on its way", state: "now" } : { name, what, state: "later" };
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

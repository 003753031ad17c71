import { element } from "../element.js";
import { dollars, milliseconds } from "../format.js";
import { headerOf } from "../trace.js";
import { decodeHeader, decodeTicket } from "./decode.js";
import { exchangeSheets, facts, jsonSheet } from "./sheet.js";

/** What one step of a visit looks like on the wire. */
export function wireOf(step, visit) {
  const { story, sheets } = PANELS[step](visit);
  return [
    element("p", { className: "wire-story" }, story),
    element("div", { className: "wire-columns" }, ...sheets),
  ];
}

const NOTHING_YET = "This step has not happened yet.";

const PANELS = {
  ask({ asked, skipped }) {
    if (skipped && !asked) return only("The payer still held a ticket for this film, so it did not have to ask for the price.");
    if (!asked) return only(NOTHING_YET);
    const offer = headerOf(asked.responseHeaders, "payment-required");
    return {
      story: skipped
        ? "The gate answered 402 and named the ticket that opens this film. The payer held it already, so it signed nothing and asked again with the ticket."
        : "The browser asked for the film like for any other page. The gate answered 402 Payment Required, with its price in one header: what to pay, in which asset, to whom, and where the office is.",
      sheets: [
        ...exchangeSheets(asked),
        offer && jsonSheet("PAYMENT-REQUIRED, decoded", decodeHeader(offer) ?? offer),
      ].filter(Boolean),
    };
  },

  sign({ payment, skipped, signing }) {
    if (skipped) return only("Nothing to sign: the ticket was paid for already.");
    if (!payment) return only(NOTHING_YET);
    return {
      story: `Our wasm checked the offer against the budget, then signed this check for ${dollars(payment.amount)}: an EIP-3009 authorization, typed data under EIP-712. It is not a transaction. It costs no gas, and it can be cashed once only, by anyone, for exactly this payee.`,
      sheets: [
        facts("The check", [
          ["amount", `${payment.amount} ${payment.symbol}`],
          ["to", payment.payTo],
          ["on", payment.network],
          ["valid until", new Date(Number(payment.validBefore) * 1000).toLocaleTimeString()],
          ["nonce", payment.nonce],
          ["chosen and signed in", signing === undefined ? undefined : milliseconds(signing)],
        ]),
        payment.typedData && jsonSheet("The typed data that was signed", readable(payment.typedData)),
      ].filter(Boolean),
    };
  },

  ticket({ office, watched, skipped }) {
    const bearer = watched && headerOf(watched.requestHeaders, "authorization")?.replace(/^Bearer /i, "");
    const decoded = bearer && decodeTicket(bearer);
    const sheets = decoded
      ? [jsonSheet("The ticket's claims, decoded", decoded.claims), jsonSheet("The ticket's head", decoded.header)]
      : [];
    if (skipped) return { story: "The ticket of an earlier visit was still good. These are its claims.", sheets };
    if (!office) return only(NOTHING_YET);
    return {
      story:
        "The office recovered the signer from the signature, wrote the payment into its ledger and handed out a ticket: a JWT that names what it opens and until when. Handing in the same check again gets the same ticket, and nobody pays twice.",
      sheets: [...exchangeSheets(office), ...sheets],
    };
  },

  watch({ watched }) {
    if (!watched) return only(NOTHING_YET);
    return {
      story:
        "The same request once more, now with the ticket. The gate checked it by itself: one HMAC and a look at the clock, no ledger, no chain. The body is the film: shapes and movements, drawn on the screen above.",
      sheets: exchangeSheets(watched),
    };
  },

  cash({ record, ledger, skipped, cashedAfter }) {
    if (skipped) return only("No new check, so nothing to cash.");
    if (!record) return only(NOTHING_YET);
    const { transfer } = record;
    return {
      story: CASH_STORIES[record.state] ?? CASH_STORIES.granted,
      sheets: [
        transfer &&
          facts("On the chain", [
            ["transaction", transfer.transaction],
            ["block", transfer.block],
            ["from", transfer.from],
            ["to", transfer.to],
            ["value", `${transfer.value} USDC`],
            ["gas", transfer.gasUsed],
            ["gas paid by", transfer.gasPaidBy],
            ["seen here", cashedAfter && `${(cashedAfter / 1000).toFixed(1)} s after the ticket`],
          ]),
        ...(ledger ? exchangeSheets(ledger) : []),
      ].filter(Boolean),
    };
  },
};

const CASH_STORIES = {
  granted: "The check lies in the cashier's drawer. You are already watching: nobody waited for the chain.",
  settling: "The cashier is on the way: the transaction is out and waits for its block.",
  settled:
    "While you were watching, the cashier put the check on the chain. The cinema's own key paid the gas; you paid the price of the film and not a cent more.",
  failed: "The chain did not honour this check; most likely the pocket behind it was empty. The cinema takes the loss of one seat and remembers.",
  unknown: "The chain has not said yes or no. The cashier asks again until it does.",
};

function only(story) {
  return { story, sheets: [] };
}

function readable(typedData) {
  return typeof typedData === "string" ? JSON.parse(typedData) : typedData;
}

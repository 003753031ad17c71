import { byId } from "./element.js";
import { dollars, milliseconds } from "./format.js";

const acting = document.querySelectorAll("[data-role]");

/** The letter board over the entrance tells the story; screen readers hear it. */
export const tell = {
  arriving: ({ film }) =>
    announce("arriving", "audience", `One for “${film.title}”, please.`, "The browser asks for the film, as it would for any page."),

  refused: (visit) =>
    announce(
      "refused",
      "gate",
      visit.holdsTicket ? "402: Your ticket, please" : "402: Payment Required",
      `${refusal(visit)} Said in ${milliseconds(visit.asked.milliseconds)}.`,
    ),

  signing: ({ film, payment, signing }) =>
    announce(
      "signing",
      "audience",
      `One signature: ${payment ? dollars(payment.amount) : film.price}`,
      signing === undefined
        ? "A check, signed in the page. No transaction, no gas."
        : `A check, signed in the page in ${milliseconds(signing)}. No transaction, no gas.`,
    ),

  ticket: ({ office }) =>
    announce("ticket", "office", "Here is your ticket", `The office checked the signature once: ${milliseconds(office.milliseconds)}, there and back.`),

  entering: ({ film, watched, skipped, total }) =>
    announce(
      "showing",
      "gate",
      skipped ? "Same ticket, no signature" : film.title,
      skipped
        ? `The gate read the ticket and opened in ${milliseconds(watched.milliseconds)}. This film cost nothing more.`
        : `From the first 402 to the film: ${milliseconds(total)} in all. We play it slowly for you.`,
    ),

  cashed: ({ record, cashedAfter }) =>
    announce(
      document.body.dataset.act,
      "cashier",
      "The check is cashed",
      `${record.transfer ? `Block ${record.transfer.block}, ` : ""}${(cashedAfter / 1000).toFixed(1)} s after the ticket. You never waited for the chain.`,
    ),

  bounced: () =>
    announce(
      document.body.dataset.act,
      "cashier",
      "The check bounced",
      "Most likely the pocket was empty. The cinema served first and takes the loss of one seat.",
    ),

  stopped: (headline, message) => announce("stopped", "audience", headline, message),
};

function refusal({ film, holdsTicket, holdsOther }) {
  if (holdsTicket) return "The gate names the ticket that opens this door. You have it in your hand.";
  if (holdsOther) return `Your ticket opens other doors. This one costs ${film.price}.`;
  return `No ticket, no film. The doorman names the price: ${film.price}.`;
}

function announce(act, role, headline, subline) {
  document.body.dataset.act = act;
  byId("headline").textContent = headline;
  byId("subline").textContent = subline;
  for (const box of acting) box.dataset.acting = String(box.dataset.role === role);
}

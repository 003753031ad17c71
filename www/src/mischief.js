import { byId, element } from "./element.js";
import { headerOf } from "./trace.js";
import { exchangeSheets } from "./wire/sheet.js";

const holder = byId("tricks");
const caught = byId("caught");

/** What the page remembers of honest visits, to be abused below. */
const loot = {};

const TRICKS = [
  {
    name: "Walk in without a ticket",
    request: () => ["/films/moon"],
    verdict: "Turned away, with the price.",
  },
  {
    name: "Change one letter of the ticket",
    needs: "matinee",
    request: () => ["/films/moon", { headers: bearer(forge(loot.matinee)) }],
    verdict: "Caught: the seal of this ticket is not ours.",
  },
  {
    name: "Matinee ticket to the premiere",
    needs: "matinee",
    request: () => ["/films/premiere", { headers: bearer(loot.matinee) }],
    verdict: "Caught: a good ticket, for other doors.",
  },
  {
    name: "Write a smaller amount on the check",
    needs: "check",
    request: () => ["/token", { ...loot.check, body: shrink(loot.check.body) }],
    verdict: "Caught: the signature belongs to another amount.",
  },
  {
    name: "Hand in the same check again",
    needs: "check",
    request: () => ["/token", loot.check],
    verdict: "Honest after all: the same check gets the same ticket, and is cashed once.",
    honest: true,
  },
];

const UNEXPECTED = "That was not the answer we expected. Look at it below.";

/** Enough for a matinee, not for the premiere. */
const TIGHT = { perPayment: "0.02", perDay: "0.02" };

/** Remembers what an honest visit left behind. */
export function remember({ film, office, watched }) {
  const ticket = headerOf(watched.requestHeaders, "authorization");
  if (ticket) loot[film.scope] = ticket.replace(/^Bearer /i, "");
  if (office) {
    loot.check = { method: "POST", headers: office.requestHeaders, body: office.requestBody };
  }
  refresh();
}

/** Puts the tricks up. They go over a trace, so that the page can show what came back. */
export function offerTricks(trace, pocket) {
  let exchange;
  trace.addEventListener("answered", ({ detail }) => {
    exchange = detail;
  });
  for (const trick of TRICKS) {
    trick.button = offer(trick.name, async () => {
      const [path, init] = trick.request();
      // A cookie from the direct link would be a ticket.
      await trace.fetch(path, { credentials: "omit", ...init });
      report(exchange.status, verdictOn(trick, exchange), exchange, trick.honest);
    });
  }
  offer("Overcharge a purse with two cents", async () => {
    try {
      await pocket.payerWithin(TIGHT, trace).fetch("/films/premiere");
      report(exchange.status, UNEXPECTED, exchange);
    } catch (error) {
      report(error.code ?? error.name, `Nothing was signed. ${error.message}`, exchange);
    }
  });
  refresh();
}

function offer(name, play) {
  const button = element("button", { type: "button", className: "quiet" }, name);
  button.addEventListener("click", () =>
    play().catch((error) => caught.replaceChildren(element("p", {}, `Nobody answered: ${error.message}`))),
  );
  holder.append(button);
  return button;
}

function verdictOn({ verdict, honest = false }, { status }) {
  return status < 400 === honest ? verdict : UNEXPECTED;
}

function report(outcome, verdict, exchange, honest = false) {
  caught.replaceChildren(
    element(
      "p",
      { className: "caught-verdict", data: { tone: honest ? "good" : "refused" } },
      element("strong", {}, String(outcome)),
      verdict,
    ),
    element("div", { className: "wire-columns" }, ...exchangeSheets(exchange)),
  );
}

function refresh() {
  for (const { button, needs } of TRICKS) {
    if (!button) continue;
    button.disabled = needs !== undefined && loot[needs] === undefined;
    button.title = button.disabled ? "Buy a matinee first: this trick needs something to abuse." : "";
  }
}

function bearer(ticket) {
  return { authorization: `Bearer ${ticket}` };
}

// Not the last letter: its low bits may carry nothing.
function forge(ticket) {
  const at = ticket.length - 10;
  return ticket.slice(0, at) + (ticket[at] === "A" ? "B" : "A") + ticket.slice(at + 1);
}

function shrink(body) {
  return body.replace(/("(?:value|amount)"\s*:\s*"?)(\d+)/g, (_, name, digits) => `${name}${Math.max(1, Math.floor(Number(digits) / 2))}`);
}

import { hangPosters, holdPosters, markPrices } from "./bill.js";
import { follow } from "./cashier.js";
import { addVisit, pointAt, refreshVisit } from "./filmstrip.js";
import { expectRecord, nameFilms, noteRecord, showChecks } from "./history.js";
import { offerTricks, remember } from "./mischief.js";
import { tell } from "./narrator.js";
import { Pocket } from "./pocket.js";
import { Play } from "./scene/play.js";
import { showTickets } from "./stubs.js";
import { Trace } from "./trace.js";
import { Visit } from "./visit.js";

const LIFETIMES = { matinee: 600, "late show": 420, premiere: 300 };

// The payer's requests are the visit; the page's own errands are kept apart from them.
const payerTrace = new Trace();
const errands = new Trace();
const pocket = new Pocket(payerTrace, errands);

let visits = 0;

async function see(film) {
  visits += 1;
  const visit = new Visit(film, visits);
  visit.holdsTicket = heldTickets().some(({ scope }) => scope === film.scope);
  visit.holdsOther = heldTickets().some(({ scope }) => scope !== film.scope);
  const play = new Play(visit, {
    onStep: (step) => {
      visit.reached.add(step);
      refreshVisit(visit);
      pointAt(step);
      if (step === "ticket") showHoldings();
    },
  });
  holdPosters(true, film);
  document.querySelector(".marquee").scrollIntoView({ block: "nearest" });
  addVisit(visit);
  const stopListening = listen(visit, play);
  try {
    const response = await pocket.payer.fetch(film.path);
    const reel = await response.json();
    if (!response.ok) throw Object.assign(new Error(reel.message ?? "The gate said no."), { code: reel.code });
    play.enter(reel);
    remember(visit);
  } catch (error) {
    play.stop(error);
  }
  stopListening();
  followTheCheck(visit, play);
  await play.over();
  showHoldings();
  holdPosters(false, visit.watched && film);
}

/** Collects what the payer does during a visit, and plays it as it happens. */
function listen(visit, play) {
  const { payer } = pocket;
  let refusedAt = 0;

  const asked = ({ detail: exchange }) => {
    if (exchange.method !== "POST") return;
    visit.measuredSigning = performance.now() - refusedAt;
    play.sign();
  };
  const answered = ({ detail: exchange }) => {
    if (exchange.status === 402 && !visit.asked) {
      visit.asked = exchange;
      refusedAt = performance.now();
      play.refuse();
    } else if (exchange.method === "POST") {
      visit.office = exchange;
      if (exchange.status === 200) play.receiveTicket();
    } else if (exchange.status === 200) {
      visit.watched = exchange;
    }
  };
  const paid = ({ detail }) => {
    visit.payment = detail;
  };
  const ticketed = ({ detail }) => {
    visit.ticket = detail;
    visit.ticketAt = performance.now();
  };

  payerTrace.addEventListener("asked", asked);
  payerTrace.addEventListener("answered", answered);
  payer.addEventListener("payment", paid);
  payer.addEventListener("ticket", ticketed);
  play.arrive();

  return () => {
    payerTrace.removeEventListener("asked", asked);
    payerTrace.removeEventListener("answered", answered);
    payer.removeEventListener("payment", paid);
    payer.removeEventListener("ticket", ticketed);
  };
}

function followTheCheck(visit, play) {
  if (!visit.ticket) return;
  expectRecord(visit.ticket.jti);
  showChecks(pocket.payer);
  const cashTrace = new Trace();
  cashTrace.addEventListener("answered", ({ detail }) => {
    visit.ledger = detail;
    refreshVisit(visit);
  });
  follow(cashTrace, visit.ticket.jti, async (record) => {
    visit.record = record;
    refreshVisit(visit);
    noteRecord(visit.ticket.jti, record);
    if (record.state !== "settled" && record.state !== "failed") return;
    visit.cashedAfter = performance.now() - visit.ticketAt;
    await play.cash(record.state === "settled");
    pocket.refresh();
  });
}

function showHoldings() {
  showTickets(pocket.payer.tickets(), LIFETIMES);
  markPrices(heldTickets().map(({ scope }) => scope));
  showChecks(pocket.payer);
  pocket.refresh();
}

function heldTickets() {
  return pocket.payer.tickets().filter(({ expires }) => expires > Date.now() / 1000);
}

async function openTheHouse() {
  try {
    const films = await (await errands.fetch("/films")).json();
    nameFilms(films);
    hangPosters(films, see);
    holdPosters(true);
    pocket.addEventListener("change", showHoldings);
    await pocket.open();
    offerTricks(new Trace(), pocket);
    holdPosters(false);
    const film = films.find(({ path }) => path === location.pathname);
    if (film) await see(film);
  } catch (error) {
    tell.stopped("The house is dark", `${error.message} Is the gate running? Reload to try again.`);
  }
}

openTheHouse();

// Our gate without a host: a request's head goes in, and the step that the gate takes comes out. Its ledger says one thing
// only: what is to be written is written.
import { FILM, ISSUER, NETWORK, PAYEE, SCOPE, TICKETS, TTL, now } from "../shop.mjs";
import { fromHeader } from "./payments.mjs";
import { openGate } from "./wasm.mjs";

const { flowDrop, flowResume, gateBegin, gateBeginOffice, gateOpen, options } = await openGate();

const routes = { "GET /film": { price: "$0.01", ticket: { ttl: TTL, scope: SCOPE } } };
const gate = gateOpen({ payTo: PAYEE, network: NETWORK, tickets: TICKETS, routes, settles: false, hooks: [], ...options }, {});

/** As much of a `Request` as a gate reads: to make real ones would cost more than what is measured. */
const asked = (headers, url = FILM, method = "GET") => ({ method, url, headers: { get: (name) => headers[name] ?? null } });

/** Throws where the gate does not do what is expected of it. */
function expected(step, what) {
  if (step.do !== what) throw new Error(`refused: ${step.body}`);
  return step;
}

/** A payment on the resource, as far as the ledger, which is asked only when everything else is in order. */
export function verifyPayment(header) {
  const { flow, facts } = expected(gateBegin(gate, asked({ "payment-signature": header }), now()), "ledger");
  flowDrop(flow);
  return facts.payer.toLowerCase();
}

/** A request with a ticket, to what it opens. */
export function checkTicket(ticket) {
  return expected(gateBegin(gate, asked({ authorization: `Bearer ${ticket}` }), now()), "admit").ticket;
}

/** A sale at the office as far as its ledger: what is left is the ticket and the answer around it. */
export function almostSold(header) {
  const { flow } = gateBeginOffice(gate, asked({}, `${ISSUER}/token?scope=${SCOPE}`, "POST"), now());
  const body = JSON.stringify(fromHeader(header));
  return expected(flowResume(flow, { body }, now()), "ledger").flow;
}

/** The version that was written is the first. */
export const sell = (flow) => JSON.parse(expected(flowResume(flow, { written: 1 }, now()), "respond").body).access_token;

// Our gates without a host: a request's head goes in, and the step that the gate takes comes out. Its ledger says one thing
// only: what is to be written is written.
import { FILM, ISSUER, NETWORK, PAYEE, SCOPE, TICKETS, TTL, now } from "../shop.mjs";
import { fromHeader } from "./payments.mjs";
import { GATES } from "./wasm.mjs";

const routes = { "GET /film": { price: "$0.01", ticket: { ttl: TTL, scope: SCOPE } } };
const shop = { payTo: PAYEE, network: NETWORK, tickets: TICKETS, routes, settles: false, hooks: [] };

/** As much of a `Request` as a gate reads: to make real ones would cost more than what is measured. */
const asked = (headers, url = FILM, method = "GET") => ({ method, url, headers: { get: (name) => headers[name] ?? null } });

/** Throws where the gate does not do what is expected of it. */
function expected(step, what) {
  if (step.do !== what) throw new Error(`refused: ${step.body}`);
  return step;
}

/** What one gate does, by the exports of its module. */
function worked({ flowDrop, flowResume, gateBegin, gateBeginOffice, gateOpen, options }) {
  const gate = gateOpen({ ...shop, ...options }, {});
  return {
    /** A payment on the resource, as far as the ledger, which is asked only when everything else is in order. */
    verifyPayment(header) {
      const { flow, facts } = expected(gateBegin(gate, asked({ "payment-signature": header }), now()), "ledger");
      flowDrop(flow);
      return facts.payer.toLowerCase();
    },

    /** A request with a ticket, to what it opens. */
    checkTicket: (ticket) => expected(gateBegin(gate, asked({ authorization: `Bearer ${ticket}` }), now()), "admit").ticket,

    /** A sale at the office as far as its ledger: what is left is the ticket and the answer around it. */
    almostSold(header) {
      const { flow } = gateBeginOffice(gate, asked({}, `${ISSUER}/token?scope=${SCOPE}`, "POST"), now());
      const body = JSON.stringify(fromHeader(header));
      return expected(flowResume(flow, { body }, now()), "ledger").flow;
    },

    /** The version that was written is the first. */
    sell: (flow) => JSON.parse(expected(flowResume(flow, { written: 1 }, now()), "respond").body).access_token,
  };
}

/** By the entry that they belong to, the one for most users first. */
export const ourGates = new Map();
for (const [name, open] of Object.entries(GATES)) ourGates.set(name, worked(await open()));

/** Them all as contestants: `work(gate)` says what they do. */
export const ourContestants = (work) => [...ourGates].map(([name, gate]) => ({ name, package: "x402-wasm", isOurs: true, ...work(gate) }));

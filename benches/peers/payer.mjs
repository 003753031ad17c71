// Our payer without a network: its machine is told what a server would have answered.
import { KEY } from "../inside/offer.mjs";
import { FILM, NETWORK, now } from "../shop.mjs";
import { bytes } from "./layout.mjs";
import { openPayer } from "./wasm.mjs";

const REQUEST = { method: "GET", url: FILM, authorized: false, paid: false, replayable: true };
const ANSWER = { got: "response", url: FILM, redirected: false };

const callWasm = await openPayer();
const read = (text) => {
  const [head, record] = text.split("\n");
  const told = JSON.parse(head);
  if (record) told.record = record;
  if (told.error) throw new Error(told.error.message);
  return told;
};
const call = (name, values) => read(callWasm("call", new TextEncoder().encode(JSON.stringify({ call: name, now: now(), ...values }))));

/** Budget, pinned payee and records included: a payer of ours cannot sign without them. */
export function ourPayer() {
  const { wallet } = read(callWasm("wallet_import", bytes(KEY)));
  const options = { networks: [NETWORK], budget: { perHour: "1000000", perDay: "1000000" } };
  const { payer } = call("payer_open", { options, wallet, account: "" });
  let record;
  return (challenge) => {
    let step = call("payer_begin", { payer, request: REQUEST });
    const { flow } = step;
    let paid;
    for (let answers = 0; step.do !== "done"; ) {
      let outcome = { got: "ready" };
      // A payer keeps what it spent before it sends anything, in memory where there is no store.
      record = step.record ?? record;
      if (step.do === "send") {
        paid = step.headers?.["PAYMENT-SIGNATURE"];
        outcome = answers++ === 0 ? { ...ANSWER, status: 402, challenge, body: "" } : { ...ANSWER, status: 200 };
      }
      step = call("payer_resume", { flow, outcome });
    }
    return paid;
  };
}

// Our payer without a network: its machine is told what a server would have answered.
import { KEY } from "../inside/offer.mjs";
import { FILM, NETWORK, now } from "../shop.mjs";
import { bytes } from "./layout.mjs";
import { openPayer } from "./wasm.mjs";

const REQUEST = { method: "GET", url: FILM, authorized: false, paid: false, replayable: true };
const ANSWER = { got: "response", url: FILM, redirected: false };

const callWasm = await openPayer();
const read = (answer) => {
  const told = JSON.parse(new TextDecoder().decode(answer));
  if (told.error) throw new Error(told.error.message);
  return told;
};
const ask = (name, values) => callWasm("call", new TextEncoder().encode(JSON.stringify({ call: name, now: now(), ...values })));
const call = (name, values) => read(ask(name, values));
const recordOf = (payer) => new TextDecoder().decode(ask("payer_record", { payer }));

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
      if (step.do === "save") record = recordOf(payer);
      if (step.do === "send") {
        paid = step.headers?.["PAYMENT-SIGNATURE"];
        outcome = answers++ === 0 ? { ...ANSWER, status: 402, challenge, body: "" } : { ...ANSWER, status: 200 };
      }
      step = call("payer_resume", { flow, outcome });
    }
    return paid;
  };
}

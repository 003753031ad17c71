import { exportHistory, history } from "x402-wasm/history";
import { follow } from "./cashier.js";
import { byId, element } from "./element.js";
import { dollars, shortHex } from "./format.js";
import { Trace } from "./trace.js";

const holder = byId("history");
/** By ticket, what the gate's ledger says: the payer never waits for the chain, so it does not know. */
const records = new Map();
let titles = new Map();
let payer;

export function nameFilms(films) {
  titles = new Map(films.map(({ path, title }) => [path, title]));
}

/** Shows what this payer remembers to have paid, and looks after what the ledger has not closed yet. */
export function showChecks(own) {
  payer = own;
  show();
  for (const { ticket } of history(payer)) {
    if (!ticket || records.has(ticket)) continue;
    expectRecord(ticket);
    follow(new Trace(), ticket, (record) => noteRecord(ticket, record));
  }
}

/** Somebody else looks after the record of this ticket, and tells. */
export function expectRecord(ticket) {
  records.set(ticket, undefined);
}

export function noteRecord(ticket, record) {
  records.set(ticket, record);
  show();
}

function show() {
  const checks = history(payer).reverse();
  for (const button of [byId("save-csv"), byId("save-json")]) button.disabled = checks.length === 0;
  const lines = checks.map(line);
  holder.replaceChildren(...(lines.length > 0 ? lines : [element("li", { className: "empty" }, "None written yet.")]));
}

function line({ url, amount, payTo, state, transaction, ticket }) {
  const record = records.get(ticket);
  const cashed = record?.transaction ?? transaction;
  const fine = [`to ${shortHex(payTo)}`, cashed && `in ${shortHex(cashed)}`].filter(Boolean).join(", ");
  const shown = record?.state ?? state;
  return element(
    "li",
    {},
    element("span", {}, titles.get(new URL(url).pathname) ?? url),
    element("span", {}, `${dollars(amount)} `, element("strong", { data: { state: shown } }, shown)),
    element("span", { className: "check-fine" }, fine),
  );
}

function save(name, type, text) {
  const link = element("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

byId("save-csv").addEventListener("click", () => save("checks.csv", "text/csv", exportHistory(payer, "csv")));
byId("save-json").addEventListener("click", () => save("checks.json", "application/json", exportHistory(payer)));

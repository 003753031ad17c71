import { byId, element } from "./element.js";
import { dollars, shortHex } from "./format.js";

const KEPT = "checks";
const MOST = 50;
const COLUMNS = ["at", "film", "amount", "symbol", "payTo", "network", "state", "transaction", "ticket"];

const holder = byId("history");
let checks = JSON.parse(localStorage.getItem(KEPT) ?? "[]");

/** Writes a visit's check into the history, or what became of it since. */
export function keepCheck({ film, payment, ticket, record }) {
  const known = checks.find((check) => check.ticket === ticket.jti);
  const check = known ?? {
    at: new Date().toISOString(),
    film: film.title,
    amount: payment.amount,
    symbol: payment.symbol,
    payTo: payment.payTo,
    network: payment.network,
    ticket: ticket.jti,
  };
  check.state = record?.state ?? "granted";
  check.transaction = record?.transaction ?? "";
  if (!known) checks = [check, ...checks].slice(0, MOST);
  localStorage.setItem(KEPT, JSON.stringify(checks));
  show();
}

function show() {
  for (const button of [byId("save-csv"), byId("save-json")]) button.disabled = checks.length === 0;
  if (checks.length > 0) holder.replaceChildren(...checks.map(line));
}

function line({ film, amount, payTo, state, transaction }) {
  const fine = [`to ${shortHex(payTo)}`, transaction && `in ${shortHex(transaction)}`].filter(Boolean).join(", ");
  return element(
    "li",
    {},
    element("span", {}, film),
    element("span", {}, `${dollars(amount)} `, element("strong", { data: { state } }, state)),
    element("span", { className: "check-fine" }, fine),
  );
}

const quoted = (value) => `"${String(value).replaceAll('"', '""')}"`;
const csv = () => [COLUMNS, ...checks.map((check) => COLUMNS.map((name) => check[name]))].map((row) => row.map(quoted).join(",")).join("\r\n");

function save(name, type, text) {
  const link = element("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

byId("save-csv").addEventListener("click", () => save("checks.csv", "text/csv", `${csv()}\r\n`));
byId("save-json").addEventListener("click", () => save("checks.json", "application/json", JSON.stringify(checks, null, 2)));
show();

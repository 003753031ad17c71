// How long each took to its first payment, beside the first of them.
import { quartiles, ratios } from "../measure/statistics.mjs";

/** A row for each entrant, of its `times`, `{imported, paid}`; so many of their units are one of the table's. */
export function firstRows(entrants, units = 1) {
  const of = ({ times }, kind) => times.map((time) => time[kind] / units);
  return entrants.map((own) => ({
    name: own.name,
    isOurs: own.isOurs,
    value: quartiles(of(own, "paid")),
    beside: quartiles(of(own, "imported")),
    ratio: ratios(of(own, "paid"), of(entrants[0], "paid")),
  }));
}

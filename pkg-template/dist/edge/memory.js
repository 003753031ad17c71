// A ledger in this process's memory: for tests. A restart forgets it, and every payment could be used again.
import { firstVersion } from "./version.js";

const FORGETS =
  "forgets at a restart the checks that are cashed after serving: use durableObject() or sqlite(), or, in a test, memory({ forTests: true })";

/**
 * `forTests` says that its owner knows: without it a gate that cashes after serving refuses such a store.
 * @returns {import("../edge.js").LedgerStore}
 */
export function memory({ forTests = false } = {}) {
  const rows = new Map();
  const shown = ([key, { record, version, dueAt }]) => ({ key, record, version, dueAt });
  const sum = (counts) => [...rows.values()].reduce((total, row) => total + (row.onCredit && counts(row) ? row.worth : 0), 0);

  /** What is lent already, and this on top. */
  function fits({ payer, worth, limits }) {
    const isOpen = ({ state }) => state !== "settled" && state !== "failed";
    const isTheirs = (row) => row.payer === payer;
    if ([...rows.values()].some((row) => row.onCredit && isTheirs(row) && row.state === "failed")) return false;
    const room = (most, counts) => most === undefined || worth + sum(counts) <= most;
    return (
      room(limits.payer, (row) => isTheirs(row) && isOpen(row)) &&
      room(limits.all, isOpen) &&
      room(limits.window, (row) => row.since > limits.windowSince)
    );
  }

  return {
    forgets: forTests ? undefined : FORGETS,
    lends: true,
    async read(key) {
      const row = rows.get(key);
      return row && { record: row.record, version: row.version };
    },
    async write(key, expectedVersion, record, dueAt, facts) {
      const found = rows.get(key)?.version ?? 0;
      if (found !== expectedVersion) return false;
      if (facts?.limits && !fits(facts)) return "no_credit";
      if (record === undefined) return rows.delete(key) && found;
      const version = found === 0 ? firstVersion() : found + 1;
      rows.set(key, { ...facts, record, version, dueAt });
      return version;
    },
    async due(now, limit) {
      const order = ([a, { dueAt: first }], [b, { dueAt: second }]) => first - second || (a < b ? -1 : 1);
      return [...rows].filter(([, row]) => row.dueAt <= now).sort(order).slice(0, limit).map(shown);
    },
    async page(after, limit) {
      const keys = [...rows.keys()].filter((key) => key > after).sort();
      return keys.slice(0, limit).map((key) => shown([key, rows.get(key)]));
    },
    async tally() {
      // A link has no state: it is no payment.
      const payments = [...rows.values()].filter(({ state }) => state !== undefined);
      return [...new Set(payments.map(({ state }) => state))].map((state) => {
        const own = payments.filter((row) => row.state === state);
        const total = (counted) => String(own.filter(counted).reduce((sum, { worth }) => sum + BigInt(worth), 0n));
        const since = Math.min(...own.map((row) => row.since));
        return { state, count: own.length, worth: total(() => true), credit: total((row) => row.onCredit), since };
      });
    },
  };
}

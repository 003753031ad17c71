// The operator's view of a ledger.

const OPEN = ["granted", "settling", "unknown"];
const units = (millionths) => (millionths / 1e6).toFixed(6);

/** What is outstanding, settled, failed and unknown, how much is lent, and how old the oldest unsettled check is. */
export async function report(store, now) {
  const rows = await store.tally();
  const sum = (states, member) => rows.reduce((total, row) => total + (states.includes(row.state) ? row[member] : 0), 0);
  const part = (...states) => ({ count: sum(states, "count"), worth: units(sum(states, "worth")) });
  const [since] = rows.flatMap((row) => (OPEN.includes(row.state) ? row.since : [])).sort((a, b) => a - b);
  return {
    outstanding: part(...OPEN),
    settled: part("settled"),
    failed: part("failed"),
    unknown: part("unknown"),
    creditInUse: units(sum(["claimed", ...OPEN], "credit")),
    oldestUnsettled: since ? { since, seconds: now - since } : null,
  };
}

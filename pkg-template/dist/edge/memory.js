// A ledger in this process's memory: for tests. A restart forgets it, and every payment could be used again.

/** @returns {import("../edge.js").LedgerStore} */
export function memory() {
  const rows = new Map();
  return {
    async read(key) {
      const row = rows.get(key);
      return row && { record: row.record, version: row.version };
    },
    async write(key, expectedVersion, record, dueAt) {
      const version = rows.get(key)?.version ?? 0;
      if (version !== expectedVersion) return false;
      if (record === undefined) rows.delete(key);
      else rows.set(key, { record, version: version + 1, dueAt });
      return true;
    },
    async due(now, limit) {
      const due = [...rows].filter(([, row]) => row.dueAt <= now).sort(([, a], [, b]) => a.dueAt - b.dueAt);
      return due.slice(0, limit).map(([key, { record, version }]) => ({ key, record, version }));
    },
  };
}

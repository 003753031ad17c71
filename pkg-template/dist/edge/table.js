// The ledger as one table of SQLite, wherever that runs. Each operation is one call without an await, and each write one
// statement: two requests cannot both find the old version (S39).
import { firstVersion } from "./version.js";

const FACTS = "state TEXT, payer TEXT, worth INTEGER, since INTEGER, credit INTEGER";
const OPEN = "state NOT IN ('settled', 'failed')";
/** A new record on credit is written if it fits under every limit together with what is lent already (S45). */
const LEND = `
  WHERE NOT EXISTS (SELECT 1 FROM payments WHERE credit = 1 AND payer = ?2 AND state = 'failed')
    AND ?3 + (SELECT COALESCE(SUM(worth), 0) FROM payments WHERE credit = 1 AND payer = ?2 AND ${OPEN}) <= ?4
    AND ?3 + (SELECT COALESCE(SUM(worth), 0) FROM payments WHERE credit = 1 AND ${OPEN}) <= ?5
    AND (?6 IS NULL OR ?3 + (SELECT COALESCE(SUM(worth), 0) FROM payments WHERE credit = 1 AND since > ?7) <= ?6)`;

export class Table {
  #run;

  /** `run(statement, ...values)` answers with the rows. */
  constructor(run) {
    this.#run = run;
    // At once, because another process may open the same file.
    run(`CREATE TABLE IF NOT EXISTS payments (
      key TEXT PRIMARY KEY, version INTEGER NOT NULL, record TEXT NOT NULL, due INTEGER, ${FACTS})`);
    // A ledger of the first showing has the first four.
    const known = run("SELECT name FROM pragma_table_info('payments')").map(({ name }) => name);
    const missing = FACTS.split(", ").filter((column) => !known.includes(column.split(" ")[0]));
    for (const column of missing) run(`ALTER TABLE payments ADD COLUMN ${column}`);
    run("CREATE INDEX IF NOT EXISTS payments_due ON payments (due) WHERE due IS NOT NULL");
    run("CREATE INDEX IF NOT EXISTS payments_credit ON payments (payer, state, since, worth) WHERE credit = 1");
    run("CREATE TABLE IF NOT EXISTS leases (name TEXT PRIMARY KEY, holder TEXT NOT NULL, until INTEGER NOT NULL)");
  }

  read(key) {
    return this.#run("SELECT record, version FROM payments WHERE key = ?1", key)[0];
  }

  /** The version that was written or removed, false where another one is there, "no_credit" where a limit stands against it. */
  write(key, expected, record, dueAt, facts) {
    if (record === undefined) {
      return this.#version("DELETE FROM payments WHERE key = ?1 AND version = ?2 RETURNING version", key, expected);
    }
    const { state = null, payer = null, worth = 0, since = 0, onCredit = false, limits } = facts ?? {};
    const columns = [expected || firstVersion(), record, dueAt ?? null, state, since, onCredit ? 1 : 0];
    if (expected > 0) {
      const update = `UPDATE payments SET version = version + 1, record = ?5, due = ?6, state = ?7, since = ?8, credit = ?9,
        payer = ?2, worth = ?3 WHERE key = ?1 AND version = ?4 RETURNING version`;
      return this.#version(update, key, payer, worth, ...columns);
    }
    const insert = (values) => `INSERT INTO payments (key, payer, worth, version, record, due, state, since, credit)
      SELECT ?1, ?2, ?3, ${values}`;
    const end = " ON CONFLICT DO NOTHING RETURNING version";
    if (!limits) return this.#version(`${insert("?4, ?5, ?6, ?7, ?8, ?9")} WHERE true${end}`, key, payer, worth, ...columns);
    const most = [limits.payer, limits.all, limits.window ?? null, limits.windowSince ?? 0];
    const lent = this.#version(insert("?8, ?9, ?10, ?11, ?12, ?13") + LEND + end, key, payer, worth, ...most, ...columns);
    return lent || (this.read(key) ? false : "no_credit");
  }

  /** What is due at `now`, the longest due first. */
  due(now, limit) {
    const due = "SELECT key, record, version, due AS dueAt FROM payments WHERE due <= ?1 ORDER BY due, key LIMIT ?2";
    return this.#run(due, now, limit);
  }

  /** All records in the order of their keys, `limit` of them, beginning behind `after`. */
  page(after, limit) {
    return this.#run("SELECT key, record, version FROM payments WHERE key > ?1 ORDER BY key LIMIT ?2", after, limit);
  }

  /**
   * How many records there are in each state, what they are worth, how much of it is lent, and since when. Sums as text,
   * because a number of JavaScript ends at 2^53.
   */
  tally() {
    return this.#run(`SELECT state, COUNT(*) AS count, CAST(SUM(worth) AS TEXT) AS worth,
      CAST(SUM(worth * credit) AS TEXT) AS credit, MIN(since) AS since
      FROM payments WHERE state IS NOT NULL GROUP BY state`);
  }

  /** One holder at a time, until then. */
  lease(name, holder, now, until) {
    const take = `INSERT INTO leases (name, holder, until) VALUES (?1, ?2, ?4) ON CONFLICT (name)
      DO UPDATE SET holder = ?2, until = ?4 WHERE holder = ?2 OR until <= ?3 RETURNING 1`;
    return this.#run(take, name, holder, now, until).length === 1;
  }

  /** When the next record is due; null where none is. */
  nextDue() {
    return this.#run("SELECT MIN(due) AS next FROM payments")[0].next;
  }

  #version(statement, ...values) {
    return this.#run(statement, ...values)[0]?.version ?? false;
  }
}

// The ledger in a Durable Object with SQLite storage: one writer, on disk, with alarms that survive restarts.
import { DurableObject } from "cloudflare:workers";
import { cashDue } from "./cashier.js";
import { instanceOf } from "./registry.js";
import { now } from "./clock.js";

/** How long after a fault the ledger looks again, in milliseconds. */
const RETRY_MS = 1_000;

/** The store that a gate is given: `durableObject(env.LEDGER)`. One object is the one writer of one relayer key. */
export function durableObject(namespace) {
  const ledger = () => namespace.get(namespace.idFromName("ledger"));
  return {
    settlesItself: true,
    read: (key) => ledger().read(key),
    write: (key, expectedVersion, record, dueAt) => ledger().write(key, expectedVersion, record, dueAt),
    due: (now, limit) => ledger().due(now, limit),
  };
}

/** Export it from the worker's main module and bind it as a Durable Object namespace with SQLite. */
export class Ledger extends DurableObject {
  #sql;

  constructor(ctx, env) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec(`
      CREATE TABLE IF NOT EXISTS payments (key TEXT PRIMARY KEY, version INTEGER NOT NULL, record TEXT NOT NULL, due INTEGER);
      CREATE INDEX IF NOT EXISTS payments_due ON payments (due) WHERE due IS NOT NULL;
    `);
  }

  async read(key) {
    return this.#sql.exec("SELECT record, version FROM payments WHERE key = ?", key).toArray()[0];
  }

  /** One statement, before any await: two requests cannot both find the old version (S39). */
  async write(key, expectedVersion, record, dueAt) {
    const due = dueAt ?? null;
    const written = this.#compareAndSet(key, expectedVersion, record, due);
    if (written && due !== null) await this.#wakeAt(due * 1000);
    return written;
  }

  async due(now, limit) {
    const due = "SELECT key, record, version FROM payments WHERE due <= ? ORDER BY due LIMIT ?";
    return this.#sql.exec(due, now, limit).toArray();
  }

  async alarm() {
    try {
      await cashDue(this, (issuer) => instanceOf(issuer, this.env));
    } finally {
      const [{ next }] = this.#sql.exec("SELECT MIN(due) AS next FROM payments").toArray();
      if (next !== null) await this.#wakeAt(Math.max(next * 1000, Date.now() + RETRY_MS));
    }
  }

  #compareAndSet(key, expected, record, due) {
    if (record === undefined) {
      return this.#changed("DELETE FROM payments WHERE key = ? AND version = ? RETURNING 1", key, expected);
    }
    if (expected === 0) {
      const insert = "INSERT INTO payments (key, version, record, due) VALUES (?, 1, ?, ?) ON CONFLICT DO NOTHING RETURNING 1";
      return this.#changed(insert, key, record, due);
    }
    const update = "UPDATE payments SET version = version + 1, record = ?, due = ? WHERE key = ? AND version = ? RETURNING 1";
    return this.#changed(update, record, due, key, expected);
  }

  #changed(statement, ...values) {
    return this.#sql.exec(statement, ...values).toArray().length === 1;
  }

  async #wakeAt(milliseconds) {
    const set = await this.ctx.storage.getAlarm();
    if (set === null || set > milliseconds) await this.ctx.storage.setAlarm(milliseconds);
  }
}

// The ledger in Durable Objects with SQLite storage: one writer each, on disk, with alarms that survive restarts.
import { DurableObject } from "cloudflare:workers";
import { X402Error } from "../errors.js";
import { now } from "./clock.js";
import { accountOf, cashDue, needCashier } from "./later.js";
import { instanceOf, instances } from "./registry.js";
import { Table } from "./table.js";

/** How long after a fault the ledger looks again, in milliseconds. */
const RETRY_MS = 1_000;

/**
 * The store that a gate is given: `durableObject(env.LEDGER)`. With `shards` the payers are spread over so many objects,
 * each with its own alarm; the first digits of a key come from the payer alone. A relayer's key keeps one writer: one
 * more object, which cashes what is due in all of them.
 */
export function durableObject(namespace, { shards = 1 } = {}) {
  if (typeof namespace?.idFromName !== "function") {
    throw new X402Error("invalid_config", "durableObject() takes the binding of a Durable Object namespace: durableObject(env.LEDGER).");
  }
  if (!Number.isInteger(shards) || shards < 1 || shards > 1024) {
    throw new X402Error("invalid_config", "shards is a whole number from 1 to 1024, and stays what it is as long as payments are valid.");
  }
  const object = (name) => namespace.get(namespace.idFromName(name));
  const nameOf = (key) => (shards === 1 ? "ledger" : `ledger/${parseInt(key.slice(0, 4), 16) % shards}`);
  const of = (key) => object(nameOf(key));
  const all = (ask) => Promise.all(Array.from({ length: shards }, (_, shard) => ask(of(shard.toString(16).padStart(4, "0")))));
  const merged = (parts, limit, order) => parts.flat().sort(order).slice(0, limit);
  return {
    settlesItself: true,
    lends: true,
    read: (key) => of(key).read(key),
    write: (key, expectedVersion, record, dueAt, facts) => of(key).write(key, expectedVersion, record, dueAt, shareOf(facts, shards)),
    due: async (now, limit) => merged(await all((shard) => shard.due(now, limit)), limit, (a, b) => a.dueAt - b.dueAt),
    page: async (after, limit) => merged(await all((shard) => shard.page(after, limit)), limit, (a, b) => (a.key < b.key ? -1 : 1)),
    tally: async () => (await all((shard) => shard.tally())).flat(),
    object,
    nameOf,
    /** Who cashes with this relayer's key; undefined where it is the object that holds the record. */
    writerOf: (relayer) => (shards > 1 && relayer ? `relayer/${relayer}` : undefined),
  };
}

/** No object knows what the others lend, so each lends its share: never above the limit in all. */
function shareOf(facts, shards) {
  if (!facts?.limits || shards === 1) return facts;
  const { all, window, ...limits } = facts.limits;
  const share = (limit) => limit && Math.floor(limit / shards);
  return { ...facts, limits: { ...limits, all: share(all), window: share(window) } };
}

/** Export it from the worker's main module and bind it as a Durable Object namespace with SQLite. */
export class Ledger extends DurableObject {
  #table;
  #working = Promise.resolve();

  constructor(ctx, env) {
    super(ctx, env);
    // At once, and not at an alarm that comes when payments were taken.
    needCashier();
    this.#table = new Table((statement, ...values) => ctx.storage.sql.exec(statement, ...values).toArray());
  }

  async read(key) {
    return this.#table.read(key);
  }

  async write(key, expectedVersion, record, dueAt, facts) {
    const written = this.#table.write(key, expectedVersion, record, dueAt, facts);
    if (typeof written === "number" && dueAt !== undefined) await this.#wakeAt(dueAt * 1000);
    return written;
  }

  async due(now, limit) {
    return this.#table.due(now, limit);
  }

  async page(after, limit) {
    return this.#table.page(after, limit);
  }

  async tally() {
    return this.#table.tally();
  }

  /** Cashes here what a relayer's key is not needed for, and calls its one writer for the rest. */
  async alarm() {
    const calls = new Map();
    const isForMe = ({ store }, { key }, relayer) => {
      const writer = store.writerOf?.(relayer);
      if (writer) calls.set(writer, () => store.object(writer).cash(store.nameOf(key), relayer));
      return !writer;
    };
    try {
      await cashDue(this, (issuer) => instanceOf(issuer, this.env), isForMe, this.ctx);
      await Promise.all([...calls.values()].map((call) => call()));
    } finally {
      const next = this.#table.nextDue();
      if (next !== null) await this.#wakeAt(Math.max(next * 1000, Date.now() + RETRY_MS));
    }
  }

  /** The one writer of a relayer's key: cashes what is due in that object, one call after the other. */
  async cash(name, relayer) {
    const turn = this.#working.then(async () => {
      const isForMe = (_instance, _due, account) => account === relayer;
      for (const instance of instances(this.env)) {
        if ((await accountOf(instance)) !== relayer) continue;
        return cashDue(instance.store.object(name), (issuer) => instanceOf(issuer, this.env), isForMe, this.ctx);
      }
    });
    this.#working = turn.catch(() => {});
    return turn;
  }

  async #wakeAt(milliseconds) {
    const set = await this.ctx.storage.getAlarm();
    if (set === null || set > milliseconds) await this.ctx.storage.setAlarm(milliseconds);
  }
}

// The gate of these runs, with a ledger that counts what it does, and with a door that writes to it without a gate.
import { Ledger as Counted, durableObject } from "x402-wasm/edge/durable-object";
import gate from "./worker.js";

const counts = { read: 0, write: 0, due: 0, cash: 0, alarms: 0, alarmsSet: 0, rowsRead: 0, rowsWritten: 0 };

/** Rows as SQLite counts them: an index has rows of its own. */
export class Ledger extends Counted {
  constructor(ctx, env) {
    const { sql } = ctx.storage;
    const exec = sql.exec.bind(sql);
    sql.exec = (...statement) => {
      const cursor = exec(...statement);
      const rows = cursor.toArray();
      counts.rowsRead += cursor.rowsRead;
      counts.rowsWritten += cursor.rowsWritten;
      return { toArray: () => rows };
    };
    const setAlarm = ctx.storage.setAlarm.bind(ctx.storage);
    ctx.storage.setAlarm = (at) => ((counts.alarmsSet += 1), setAlarm(at));
    super(ctx, env);
  }

  alarm() {
    counts.alarms += 1;
    return super.alarm();
  }

  /** Bytes on disk. */
  size() {
    return this.ctx.storage.sql.databaseSize;
  }
}

// Those of an alarm to its own object count too. `tally` is how these runs look on, so it is left out.
for (const method of ["read", "write", "due", "cash"]) {
  const original = Counted.prototype[method];
  Ledger.prototype[method] = function (...args) {
    counts[method] += 1;
    return original.apply(this, args);
  };
}
Ledger.prototype.tally = async function () {
  const { rowsRead } = counts;
  const tally = Counted.prototype.tally.call(this);
  counts.rowsRead = rowsRead;
  return tally;
};

/** Writes `count` records like this one, so many at a time, then forgets them; and how long the writing took. */
async function fill(env, { count, atOnce, shards, record }) {
  const store = durableObject(env.LEDGER, { shards });
  const facts = { state: "granted", payer: "0x0000000000000000000000000000000000000000", worth: 10_000, since: 1, onCredit: false };
  const keys = Array.from({ length: count }, () => crypto.randomUUID().replaceAll("-", "") + crypto.randomUUID().replaceAll("-", ""));
  const all = async (work) => {
    let next = 0;
    const worker = async () => {
      while (next < count) await work(keys[next++]);
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
  };
  const begin = Date.now();
  // Not due in this century: nobody looks at them.
  const versions = new Map();
  await all(async (key) => versions.set(key, await store.write(key, 0, record, 4e9, facts)));
  const took = Date.now() - begin;
  const before = { ...counts };
  const bytes = await store.object(store.nameOf("0000")).size();
  await all((key) => store.write(key, versions.get(key)));
  const each = (name) => (counts[name] - before[name]) / count;
  return { took, bytes: (bytes * shards) / count, forgetting: { rowsRead: each("rowsRead"), rowsWritten: each("rowsWritten") } };
}

/** The longest record that a ledger holds here. */
async function longest(env) {
  const store = durableObject(env.LEDGER, { shards: Number(env.SHARDS) });
  return Math.max(...(await store.page("", 100)).map(({ record }) => record.length));
}

export default {
  async fetch(request, env, ctx) {
    const { pathname } = new URL(request.url);
    if (pathname === "/counts") return Response.json(counts);
    if (pathname === "/longest") return Response.json(await longest(env));
    if (pathname === "/fill") return Response.json(await fill(env, await request.json()));
    return gate.fetch(request, env, ctx);
  },
};

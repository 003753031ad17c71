// The ledger in a file of SQLite: the one that Node, Bun and Deno bring along.
import { X402Error } from "../errors.js";
import { Table } from "./table.js";

/**
 * Every write is on the disk before it is answered. Several processes may share the file; one of them cashes.
 * @returns {import("../edge.js").LedgerStore}
 */
export function sqlite(path) {
  if (typeof path !== "string" || path === "" || path === ":memory:") {
    throw new X402Error("invalid_config", "sqlite() takes the path of a file, such as sqlite(\"ledger.db\"); for tests there is memory().");
  }
  const open = globalThis.Bun ? openInBun : openInNode();
  let table;
  const opened = () => (table ??= open(path));
  const holder = crypto.randomUUID();
  return {
    lends: true,
    read: async (key) => (await opened()).read(key),
    write: async (key, expectedVersion, record, dueAt, facts) => (await opened()).write(key, expectedVersion, record, dueAt, facts),
    due: async (now, limit) => (await opened()).due(now, limit),
    page: async (after, limit) => (await opened()).page(after, limit),
    tally: async () => (await opened()).tally(),
    lease: async (name, now, until) => (await opened()).lease(name, holder, now, until),
  };
}

// Said when the gate is made, not when the first visitor comes.
function openInNode() {
  const module = globalThis.process?.getBuiltinModule?.("node:sqlite");
  if (!module) {
    const found = globalThis.process?.version ? `Node ${process.version}` : "This runtime";
    const how = "use Node 22.13 or newer (from 22.5 with --experimental-sqlite), Bun or Deno";
    throw new X402Error("sqlite_missing", `${found} has no SQLite built in: ${how}.`);
  }
  return async (path) => {
    const database = new module.DatabaseSync(path);
    return prepared((statement) => database.prepare(statement));
  };
}

// A name that no bundler looks for.
const BUN = "bun:sqlite";

async function openInBun(path) {
  const { Database } = await import(BUN);
  const database = new Database(path, { create: true, strict: true });
  return prepared((statement) => database.query(statement));
}

function prepared(prepare) {
  const statements = new Map();
  const run = (statement, ...values) => {
    if (!statements.has(statement)) statements.set(statement, prepare(statement));
    return statements.get(statement).all(...values);
  };
  run("PRAGMA busy_timeout = 5000");
  run("PRAGMA journal_mode = WAL");
  run("PRAGMA synchronous = FULL");
  return new Table(run);
}

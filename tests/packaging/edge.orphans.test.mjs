// Records whose gate is gone or was renamed: nobody here may cash them, and they are in nobody's way.
import assert from "node:assert/strict";
import test from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { createPayer, LocalWallet } from "x402-wasm";
import { createGate, relayer } from "x402-wasm/edge";
import { memory } from "x402-wasm/edge/memory";

const ORIGIN = "http://127.0.0.1";
// Nobody listens there: every look ends in a record that is postponed.
const NODE = { rpc: "http://127.0.0.1:9", key: `0x${"11".repeat(32)}` };
const CROWD = 101;

/** A store that remembers when each record is due. */
function watched(store = memory({ forTests: true })) {
  const dueAt = new Map();
  const write = async (key, version, record, due) => {
    const written = await store.write(key, version, record, due);
    if (written) dueAt.set(key, due);
    return written;
  };
  return { ...store, write, dueAt };
}

function open(issuer, ledger) {
  return createGate({
    payTo: "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
    network: "eip155:84532",
    tickets: { issuer, keys: [{ kid: "a", secret: "a secret that only this test knows." }] },
    routes: { "GET /films/:id": { price: "$0.01" } },
    ledger,
    settle: relayer(NODE),
  });
}

/** Buys `count` tickets, each with a payment of its own, and returns the records' keys. */
async function buy(gate, store, count) {
  const { fetch } = gate.protect(() => new Response("the film"));
  for (let bought = 0; bought < count; bought += 1) {
    const wallet = LocalWallet.generate();
    const payer = createPayer({ wallet, networks: ["eip155:84532"], fetch: async (...args) => fetch(new Request(...args)) });
    assert.equal((await payer.fetch(`${ORIGIN}/films/1`)).status, 200);
  }
  return [...store.dueAt.keys()];
}

async function until(condition) {
  for (let waited = 0; !condition() && waited < 10_000; waited += 50) await pause(50);
  assert.ok(condition(), `${condition} within ten seconds`);
}

test("s53 records of a gate that was renamed wait longer and longer, are logged once, and starve nobody", async (t) => {
  const lines = [];
  t.mock.method(console, "info", (...line) => lines.push(line));
  t.mock.method(console, "error", () => {});
  const old = watched();
  const keys = await buy(open("https://old.example", old), old, CROWD);
  const now = Math.floor(Date.now() / 1000);

  const store = watched();
  for (const key of keys) await store.write(key, 0, (await old.read(key)).record.replace("old.example", "gone.example"), now - 60);
  await store.write("00".repeat(32), 0, "a damaged record", now - 60);
  lines.length = 0;
  const gate = open("https://new.example", store);
  const [young] = (await buy(gate, store, 1)).slice(-1);
  let seen;
  await until(() => (gate.payment(undefined, young).then((record) => (seen = record.finding)), seen));
  assert.equal(seen, "rpc_unreachable", "a younger record has its turn");
  await until(() => [...store.dueAt.values()].every((dueAt) => dueAt > now));
  for (const key of keys) assert.ok(store.dueAt.get(key) >= now + 1, "an orphan is looked at later");
  await pause(2_500);
  const told = lines.filter(([, { payment, finding }]) => payment === keys[0] && finding === "no_settler");
  assert.equal(told.length, 1, JSON.stringify(lines.filter(([, line]) => line.payment === keys[0])));
});

// Cashing with a store that cannot wake itself, in this very process.
import assert from "node:assert/strict";
import test from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { createPayer, LocalWallet } from "x402-wasm";
import { createGate, relayer } from "x402-wasm/edge";
import { memory } from "x402-wasm/edge/memory";

const ORIGIN = "http://127.0.0.1";
// Nobody listens there: every look ends in a record that is postponed.
const NODE = { rpc: "http://127.0.0.1:9", key: `0x${"11".repeat(32)}` };

test("s53 a store that fails once while a check is cashed is asked again", async () => {
  const store = memory({ forTests: true });
  let looks = 0;
  const failingOnce = {
    ...store,
    write(...operation) {
      // The first write is the grant; what follows is the cashier's.
      looks += 1;
      if (looks === 2) throw new Error("the disk is full for a moment");
      return store.write(...operation);
    },
  };
  const gate = createGate({
    payTo: "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
    network: "eip155:84532",
    tickets: { issuer: ORIGIN, keys: [{ kid: "a", secret: "a secret that only this test knows." }] },
    routes: { "GET /films/:id": { price: "$0.01" } },
    ledger: failingOnce,
    settle: relayer(NODE),
  }).protect(() => new Response("the film"));
  const fetch = async (input, init) => gate.fetch(new Request(input, init));
  const payer = createPayer({ wallet: LocalWallet.generate(), networks: ["eip155:84532"], fetch });
  assert.equal((await payer.fetch(`${ORIGIN}/films/1`)).status, 200);
  for (let waited = 0; looks < 3 && waited < 10_000; waited += 50) await pause(50);
  assert.ok(looks >= 3, `${looks} writes`);
});

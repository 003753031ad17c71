// Hosts that make up an environment for each request: Hono's server for Node does.
import assert from "node:assert/strict";
import test from "node:test";
import { createGate } from "x402-wasm/edge";
import { memory } from "x402-wasm/edge/memory";
import { createFacilitator, relayer } from "x402-wasm/facilitator";

test("a gate of plain options is opened once, whatever environments a host makes up", async () => {
  let opened = 0;
  const gate = createGate({
    payTo: "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
    network: "eip155:84532",
    tickets: { issuer: "https://cinema.example", keys: [{ kid: "a", secret: "a secret that only this test knows." }] },
    routes: { "GET /films/:id": { price: "$0.01" } },
    get ledger() {
      opened += 1;
      return memory();
    },
  }).protect(() => new Response("the film"));
  for (let visitor = 0; visitor < 5; visitor += 1) {
    assert.equal((await gate.fetch(new Request("https://cinema.example/films/1"), { visitor })).status, 402);
  }
  assert.equal(opened, 1);
});

test("so is a facilitator", async () => {
  let opened = 0;
  const facilitator = createFacilitator({
    networks: ["eip155:84532"],
    settle: relayer({ rpc: "http://127.0.0.1:9", key: `0x${"11".repeat(32)}` }),
    get ledger() {
      opened += 1;
      return memory({ forTests: true });
    },
  });
  for (let visitor = 0; visitor < 5; visitor += 1) {
    assert.equal((await facilitator.fetch(new Request("https://facilitator.example/supported"), { visitor })).status, 200);
  }
  assert.equal(opened, 1);
});

// Whether a gate can do its work is said before anybody pays.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import test from "node:test";
import { createGate, none, relayer } from "x402-wasm/edge";
import { memory } from "x402-wasm/edge/memory";

/** A node that knows one account, and how much it has. */
async function node(t, balance) {
  const results = { eth_getBalance: balance, eth_maxPriorityFeePerGas: "0x1" };
  const block = { number: "0x1", timestamp: "0x1", baseFeePerGas: "0x3b9aca00" };
  const server = createServer(async (request, response) => {
    const calls = JSON.parse(Buffer.concat(await request.toArray()));
    const answers = calls.map(({ id, method }) => ({ jsonrpc: "2.0", id, result: results[method] ?? block }));
    response.end(JSON.stringify(answers));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => (server.closeAllConnections(), server.close()));
  return `http://127.0.0.1:${server.address().port}`;
}

const gateWith = (settle) =>
  createGate({
    payTo: "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
    network: "eip155:84532",
    tickets: { issuer: "https://cinema.example", keys: [{ kid: "a", secret: "a secret that only this test knows." }] },
    routes: { "GET /films/:id": { price: "$0.01" } },
    ledger: memory({ forTests: true }),
    settle,
  });

const key = `0x${"11".repeat(32)}`;
// Port 9 on this machine: nobody listens there.
const NOBODY = "http://127.0.0.1:9";

test("a relayer without funds is refused with one sentence that says how to mend it", async (t) => {
  const gate = gateWith(relayer({ rpc: await node(t, "0x0"), key }));
  await assert.rejects(gate.ready(), { name: "X402Error", code: "relayer_out_of_gas_money", message: /send it some of the chain's currency$/ });
});

test("a relayer with funds is ready, and so is a gate that cashes nothing", async (t) => {
  await gateWith(relayer({ rpc: [NOBODY, await node(t, "0xde0b6b3a7640000")], key })).ready();
  await gateWith(none()).ready();
});

test("where no node answers, that is what is said", async () => {
  await assert.rejects(gateWith(relayer({ rpc: NOBODY, key })).ready(), { code: "rpc_unreachable" });
});

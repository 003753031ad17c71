// The gate in this very process, where a test can hold a handler open while the wasm instance is replaced.
import assert from "node:assert/strict";
import test from "node:test";
import { createPayer, LocalWallet } from "x402-wasm";
import { createGate } from "x402-wasm/edge";
import { memory } from "x402-wasm/edge/memory";

const ORIGIN = "http://127.0.0.1";
const open = new Map();

const gate = createGate({
  payTo: "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
  network: "eip155:84532",
  office: false,
  tickets: { issuer: ORIGIN, keys: [{ kid: "a", secret: "a secret that only this test knows." }] },
  routes: { "GET /films/:id": { price: "$0.01" } },
  ledger: memory({ forTests: true }),
}).protect((request) => new Promise((resolve) => open.set(new URL(request.url).pathname, resolve)));

/** What a payer of its own would send to the gate, signed and not sent. */
async function paid(path) {
  let payment;
  const fetch = async (input, init) => {
    const request = new Request(input, init);
    if (!request.headers.has("payment-signature")) return gate.fetch(request);
    payment = request;
    return new Response();
  };
  const payer = createPayer({ wallet: LocalWallet.generate(), networks: ["eip155:84532"], fetch });
  await payer.fetch(`${ORIGIN}${path}`).catch(() => {});
  return payment;
}

async function handling(path) {
  while (!open.has(path)) await new Promise((resolve) => setTimeout(resolve, 1));
  return open.get(path);
}

test("s69 a request of an instance that is gone never goes on as another's", async () => {
  const [first, second] = [await paid("/films/1"), await paid("/films/2")];
  const early = gate.fetch(first);
  const endEarly = await handling("/films/1");

  const broken = new Request(`${ORIGIN}/films/3`);
  const deeper = () => deeper() + 1;
  Object.defineProperty(broken, "url", { get: deeper });
  assert.equal((await gate.fetch(broken)).status, 500);

  // In the new instance the handles begin again, so this one gets the number that the early request holds.
  const late = gate.fetch(second);
  const endLate = await handling("/films/2");
  endEarly(new Response("the first film"));
  const answer = await early;
  assert.deepEqual([answer.status, answer.headers.get("payment-response")], [500, null]);

  endLate(new Response("the second film"));
  const served = await late;
  assert.equal(served.status, 200);
  assert.ok(served.headers.get("payment-response"), "the late request gets its own receipt");
  assert.equal(await served.text(), "the second film");
});

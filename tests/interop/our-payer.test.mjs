// Our payer in Node, at our own gate: what it tells, and when.
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { createPayer, LocalWallet } from "x402-wasm";
import { MATINEE, NETWORK, openCinema } from "./stage/cinema.mjs";

let cinema;

before(async () => {
  cinema = await openCinema();
});

after(() => cinema?.close());

test("it tells of a payment before the office sees it, and of a ticket once; a ticket pays for the next film", async () => {
  const { payer, told } = await observedPayer();
  for (const film of ["moon", "cat", "moon"]) assert.equal((await payer.fetch(`${cinema.url}/films/${film}`)).status, 200);
  assert.deepEqual(told.splice(0), [
    ...["GET /films/moon", "payment", "POST /token", "ticket", "GET /films/moon"],
    ...["GET /films/cat", "GET /films/cat"],
    "GET /films/moon",
  ]);
  const [{ jti }] = payer.tickets();
  const { transaction } = await cinema.settled(jti);
  assert.deepEqual(await cinema.transfersOf(payer.address), [
    { to: cinema.chain.payee.address, value: MATINEE, transaction },
  ]);
});

test("ten requests at once share one payment", async () => {
  const { payer, told } = await observedPayer();
  const responses = await Promise.all(Array.from({ length: 10 }, () => payer.fetch(`${cinema.url}/films/moon`)));
  assert.deepEqual([...new Set(responses.map(({ status }) => status))], [200]);
  assert.deepEqual(told.filter((event) => !event.startsWith("GET")), ["payment", "POST /token", "ticket"]);
  await cinema.settled(payer.tickets()[0].jti);
  assert.equal((await cinema.transfersOf(payer.address)).length, 1);
});

async function observedPayer() {
  const wallet = LocalWallet.generate();
  await cinema.fund(wallet.address);
  const told = [];
  const observed = (input, init) => {
    const request = new Request(input, init);
    told.push(`${request.method} ${new URL(request.url).pathname}`);
    return fetch(request);
  };
  const payer = createPayer({ wallet, budget: { perPayment: "0.05", perDay: "0.10" }, networks: [NETWORK], fetch: observed });
  for (const type of ["payment", "ticket", "refusal"]) payer.addEventListener(type, () => told.push(type));
  return { payer, told };
}

// Crowds at the ledger: each of many payments is sent a hundred times at once, at the office and on the resource, and
// buys one ticket and one record. X402_CROWD_PAYMENTS says how many payments.
//
// All of it over ledgers in Durable Objects of real workerd. The big run cashes nothing, because it is about the
// ledger; the small one cashes by relayer and counts the transfers.
import assert from "node:assert/strict";
import test from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { ticketOf, toHeader } from "../behaviour/world.mjs";
import { Line, cashed, openHouse, report } from "./house.mjs";

const PAYMENTS = Number(process.env.X402_CROWD_PAYMENTS ?? 1000);
const CROWD = 100;
// So many payments have their crowds at the same moment.
const AT_ONCE = 10;
// Every fifth payment is made on the resource and not at the office.
const ON_RESOURCE = 5;

/** Somebody with this payment in hand, who sends it and says what ticket came back. */
function visitor(line, payment, onResource) {
  const body = JSON.stringify(payment);
  const headers = onResource ? { "payment-signature": toHeader(payment) } : { "content-type": "application/json" };
  return async () => {
    const answer = onResource
      ? await line.send("GET", "/films/moon", { headers })
      : await line.send("POST", "/token?scope=film", { headers, body });
    assert.equal(answer.status, 200, answer.text);
    return onResource ? ticketIn(answer.headers) : JSON.parse(answer.text).access_token;
  };
}

const ticketIn = (headers) => ticketOf({ headers: new Map(Object.entries(headers)) }).token;

/** Every payment with its crowd; asserts that each bought one ticket, and that no two bought the same. */
async function besiege(world, count) {
  const line = new Line(world.gate.port, AT_ONCE * 20);
  const sold = new Map();
  try {
    for (let first = 0; first < count; first += AT_ONCE) {
      const places = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, place) => first + place);
      const visitors = await Promise.all(
        places.map(async (place) => visitor(line, await world.pay("/films/moon"), place % ON_RESOURCE === 0)),
      );
      const crowds = visitors.map((visit) => Promise.all(Array.from({ length: CROWD }, visit)));
      for (const [place, own] of (await Promise.all(crowds)).entries()) {
        assert.equal(new Set(own).size, 1, "one payment, one ticket");
        sold.set(visitors[place], own[0]);
      }
    }
    // A ticket counts in seconds, so tickets of the same second are alike by chance: whoever comes again comes later.
    await pause(1_000);
    for (const [visit, ticket] of sold) assert.equal(await visit(), ticket, "the same ticket later");
  } finally {
    line.close();
  }
  assert.equal(new Set(sold.values()).size, count, "no two payments share a ticket");
}

test(`s39 s41 ${PAYMENTS} payments, each sent ${CROWD} times at once: a ticket and a record for each`, async (t) => {
  const world = await openHouse({ shards: 3, cashes: "no" });
  t.after(world.close);
  const begin = performance.now();
  await besiege(world, PAYMENTS);
  const seconds = (performance.now() - begin) / 1_000;
  t.diagnostic(`${PAYMENTS * CROWD} requests in ${seconds.toFixed(1)} s: ${Math.round((PAYMENTS * CROWD) / seconds)} a second`);
  const { outstanding, settled, failed, unknown } = await report(world);
  assert.deepEqual([outstanding.count, settled.count, failed.count, unknown.count], [PAYMENTS, 0, 0, 0]);
});

test(`s39 s52 20 payments, each sent ${CROWD} times at once, are cashed once each by one relayer`, async (t) => {
  const world = await openHouse({ shards: 3 });
  t.after(world.close);
  await besiege(world, 20);
  const end = Date.now() + 300_000;
  while ((await report(world)).settled.count < 20 && Date.now() < end) await pause(200);
  const { outstanding, settled } = await report(world);
  assert.deepEqual([outstanding.count, settled.count], [0, 20]);
  const { perNonce, all } = await cashed(world);
  assert.equal(all, 20);
  assert.deepEqual([...new Set(perNonce.values())], [1]);
});

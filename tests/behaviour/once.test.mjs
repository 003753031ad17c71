// One signed payment is one purchase, however often and however hard it knocks.
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { asPermit, openWorld, ticketOf } from "./world.mjs";

let world;
before(async () => (world = await openWorld()));
after(() => world?.close());

const CROWD = 100;
// A ticket counts in seconds, so two that were made in the same one are alike by chance: a crowd stands on both sides of
// a second's turn, and whoever comes again comes in another one.
const turnOfTheSecond = () => pause(1_980 - (Date.now() % 1000));
const crowd = (knock) => Promise.all(Array.from({ length: CROWD }, (_, place) => knock(place)));

test("s41 s39 the same payment gets the same ticket: 100 at once, after a power cut, and moves its money once", async () => {
  const before = (await world.transfers()).length;
  const payment = await world.pay("/films/moon");
  await turnOfTheSecond();
  const answers = await crowd(async (place) => {
    const response = await world.buy("matinee", place % 2 ? payment : asPermit(payment));
    return [response.status, await response.json()];
  });
  for (const [status, body] of answers) assert.equal(status, 200, JSON.stringify(body));
  const tickets = new Set(answers.map(([, body]) => body.access_token));
  assert.equal(tickets.size, 1);
  const [, { jti, access_token }] = answers[0];

  await world.gate.kill();
  await world.gate.restart();
  await turnOfTheSecond();
  const later = await (await world.buy("matinee", payment)).json();
  assert.deepEqual([later.access_token, later.jti], [access_token, jti]);
  assert.equal((await world.withTicket("/films/moon", access_token)).status, 200);

  await world.settled(jti);
  assert.equal((await (await world.buy("matinee", payment)).json()).access_token, access_token, "also when it is cashed");
  assert.equal((await world.transfers()).length, before + 1);
});

test("s41 s39 on the resource too: 100 at once are served on one ticket", async () => {
  const before = (await world.transfers()).length;
  const payment = await world.pay("/films/premiere");
  await turnOfTheSecond();
  const answers = await crowd(async () => {
    const response = await world.payOn("/films/premiere", payment);
    await response.arrayBuffer();
    return response;
  });
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
  const tickets = new Set(answers.map((response) => ticketOf(response).token));
  assert.equal(tickets.size, 1);
  // The office knows it as well.
  const sold = await (await world.buy("premiere", payment)).json();
  assert.deepEqual([...tickets], [sold.access_token]);
  await world.settled(sold.jti);
  assert.equal((await world.transfers()).length, before + 1);
});

test("s39 100 payments at once get a ticket each, and each is cashed once", async () => {
  const before = (await world.transfers()).length;
  const payments = await crowd(() => world.pay("/films/moon"));
  const sold = await crowd(async (place) => (await world.buy("matinee", payments[place])).json());
  assert.equal(new Set(sold.map(({ jti }) => jti)).size, CROWD);
  assert.equal(new Set(sold.map(({ access_token }) => access_token)).size, CROWD);
  for (const { jti } of sold) await world.settled(jti, 60_000);
  const transfers = (await world.transfers()).slice(before);
  assert.equal(transfers.length, CROWD);
});

test("s42 a payment that bought one thing is refused for another, everywhere, and by its code", async () => {
  const payment = await world.pay("/films/moon");
  assert.equal((await world.buy("matinee", payment)).status, 200);
  for (const response of [
    await world.buy("review", payment),
    await world.buy("review", asPermit(payment)),
    await world.payOn("/reviews", payment, { method: "POST" }),
  ]) {
    assert.deepEqual([response.status, (await response.json()).code], [409, "payment_used_elsewhere"]);
  }
  assert.equal((await world.payOn("/films/tide", payment)).status, 200, "and still good for what it bought");
});

for (const path of ["/films/moon", "/wrapped", "/inside"]) {
  for (const fate of ["500", "404", "throw"]) {
    test(`s43 a handler that ends in ${fate} burns no payment: ${path}`, async () => {
      const before = await world.served();
      const payment = await world.pay(path);
      const failed = await world.payOn(path, payment, { headers: { "x-fate": fate } });
      assert.equal(failed.status, fate === "throw" ? 500 : Number(fate));
      assert.equal(failed.headers.get("payment-response"), null);
      await failed.arrayBuffer();

      const served = await world.payOn(path, payment);
      assert.equal(served.status, 200);
      await turnOfTheSecond();
      const again = await world.payOn(path, payment);
      assert.equal(ticketOf(again).token, ticketOf(served).token);
      assert.equal(await world.served(), before + 3);
    });
  }
}

test("s43 a payment whose handler failed is free to buy something else", async () => {
  for (const [path, other] of [["/films/moon", "review"], ["/wrapped", "inside"], ["/inside", "wrapped"]]) {
    for (const fate of ["500", "404", "throw"]) {
      const payment = await world.pay(path);
      const failed = await world.payOn(path, payment, { headers: { "x-fate": fate } });
      assert.ok(failed.status >= 400, `${path} ${fate}`);
      assert.equal((await world.buy(other, payment)).status, 200, `${path} ${fate}`);
    }
  }
});

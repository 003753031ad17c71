// Servers that send a payment elsewhere, or never come to an end. What counts is who holds a signature or a ticket then.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { init } from "x402-wasm";
import { toHeader } from "./shop.mjs";
import { newPayer, open, today, visit, visitUntil } from "./visit.mjs";

before(() => init());

describe("nothing travels on", { concurrency: true }, () => {
  for (const status of [301, 302, 303, 307, 308]) {
    for (const to of ["an office", "a gate that was shown a ticket", "a gate that was paid"]) {
      test(`s59 from ${to} over a ${status}`, async (t) => {
        const sink = await open(t, {});
        const steal = (response) => response.writeHead(status, { location: `${sink.origin}/token` }).end();
        const isPayment = !to.endsWith("ticket");
        const traps = {
          "an office": { sell: (payment, response) => steal(response) },
          "a gate that was shown a ticket": { first: (request, response) => request.headers.authorization && (steal(response), true) },
          "a gate that was paid": { office: undefined, serve: (payment, response) => steal(response) },
        };
        const shop = await open(t, traps[to]);
        const payer = newPayer();
        // To who was paid, a redirect is no answer: the same payment is sent again. A ticket is shown once.
        const answer = await visitUntil(() => isPayment && shop.loot.length > 1, payer, shop);
        assert.equal(answer, isPayment ? "AbortError" : "TypeError");
        assert.deepEqual([shop.checks.size, sink.checks.size, sink.loot.length], [1, 0, 0]);
      });
    }
  }

  test("s58 a request that is redirected to a shop pays that shop, and no one before it", async (t) => {
    const shop = await open(t, {});
    const door = await open(t, { first: (request, response) => response.writeHead(302, { location: `${shop.origin}/film` }).end() });
    const payer = newPayer();
    assert.equal(await visit(payer, door), 200);
    assert.deepEqual([shop.checks.size, door.loot.length], [1, 0]);
    assert.deepEqual(payer.tickets().map(({ origin }) => origin), [shop.origin]);
    // Its ticket opens the shop, and is not shown at the door.
    assert.equal(await visit(payer, door), 200);
    assert.deepEqual([shop.checks.size, door.loot.length], [1, 0]);
  });

  test("s59 what a request shows the first origin is not shown to the one that is paid", async (t) => {
    const shop = await open(t, {});
    const door = await open(t, { first: (request, response) => response.writeHead(302, { location: `${shop.origin}/film` }).end() });
    assert.equal(await visit(newPayer(), door, "/film", { headers: { authorization: "Basic c2VjcmV0" } }), 200);
    assert.deepEqual(door.seen.map(({ headers }) => headers.authorization), ["Basic c2VjcmV0"]);
    assert.ok(shop.seen.every(({ headers }) => headers.authorization !== "Basic c2VjcmV0"), "neither asking nor paying");
    assert.equal(shop.checks.size, 1);
  });

  test("s35 a ticket that calls itself another shop's stays where it was bought", async (t) => {
    const other = await open(t, {});
    const shop = await open(t, {
      sell: (payment, response) => response.end(JSON.stringify({ access_token: payment.payload.authorization.nonce, token_type: "Bearer", expires_in: 9e9, scope: `${other.origin} matinee` })),
    });
    const payer = newPayer();
    assert.equal(await visit(payer, shop), 200);
    const stolen = shop.checks.keys().next().value;
    assert.equal(await visit(payer, other), 200);
    assert.ok(other.seen.every(({ headers }) => !headers.authorization?.includes(stolen)));
    assert.deepEqual([shop.checks.size, other.checks.size], [1, 1]);
  });

  test("s60 a shop cannot have another shop paid", async (t) => {
    const victim = await open(t, {});
    const shop = await open(t, {});
    shop.office = `${victim.origin}/token`;
    assert.equal(await visit(newPayer(), shop), "foreign_office");
    assert.deepEqual([victim.seen.length, shop.checks.size], [0, 0]);
  });
});

describe("patience ends", { concurrency: true }, () => {
  /** Sends a piece every now and then for as long as somebody reads. */
  function drip(response, piece, every = 5) {
    let sent = 0;
    const timer = setInterval(() => {
      response.write(piece);
      sent += piece.length;
    }, every);
    response.on("close", () => clearInterval(timer));
    return () => sent;
  }

  test("a 402 that never ends is given up with the request, and nothing is signed", async (t) => {
    const shop = await open(t, { turnAway: (request, response) => void drip(response.writeHead(402, { "payment-required": toHeader(shop.challenge(1)) }), " ", 20) });
    const payer = newPayer();
    assert.equal(await visit(payer, shop, "/film", { signal: AbortSignal.timeout(300) }), "TimeoutError");
    assert.deepEqual([shop.checks.size, today(payer)], [0, "0"]);
  });

  test("s63 an office that never ends its answer is given up, and is paid no second time", async (t) => {
    let slow = true;
    const shop = await open(t, { first: (request, response, payment) => payment && slow && (drip(response, " ", 20), true) });
    const payer = newPayer();
    assert.equal(await visitUntil(() => shop.checks.size > 0, payer, shop), "AbortError");
    assert.deepEqual([shop.checks.size, today(payer)], [1, "0.01"]);
    slow = false;
    assert.equal(await visit(payer, shop), 200);
    assert.deepEqual([shop.checks.size, today(payer)], [1, "0.01"]);
  });

  test("s63 who waits behind a request that is given up goes on", async (t) => {
    let slow = true;
    const shop = await open(t, { first: (request, response, payment) => payment && slow && (drip(response, " ", 20), true) });
    const payer = newPayer();
    const abort = new AbortController();
    const first = visit(payer, shop, "/film/1", { signal: abort.signal });
    while (shop.posts.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const second = visit(payer, shop, "/film/2");
    slow = false;
    abort.abort();
    assert.deepEqual([await first, await second], ["AbortError", 200]);
    assert.equal(shop.checks.size, 1);
  });

  test("s73 a body without end is not read to its end", async (t) => {
    const megabyte = Buffer.alloc(1_048_576, 0x20);
    let sent;
    const shop = await open(t, { turnAway: (request, response) => void (sent = drip(response.writeHead(402), megabyte)) });
    const payer = newPayer();
    const response = await payer.fetch(shop.origin);
    assert.equal(response.status, 402, "it is no challenge, so it is the answer");
    await response.body.cancel();
    assert.ok(sent() < 50 * megabyte.length, String(sent()));
    assert.deepEqual([shop.checks.size, today(payer)], [0, "0"]);
  });
});

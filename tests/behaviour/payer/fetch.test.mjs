// The payer's fetch is a fetch: what it does not pay for passes as it is, and what it paid for arrives as it is sent.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { init } from "x402-wasm";
import { newPayer, open, today, visit } from "./visit.mjs";

before(() => init());

/** A film in two pieces, the second one when `go` is called. */
function inPieces() {
  let go;
  const going = new Promise((resolve) => (go = resolve));
  const serve = async (response) => {
    response.write("first ");
    await going;
    response.end("second");
  };
  return { go, serve };
}

describe("fetch", { concurrency: true }, () => {
  test("a film that was paid for streams", async (t) => {
    const { go, serve } = inPieces();
    const shop = await open(t, { office: undefined, serve: (payment, response) => void serve(response) });
    const { body } = await newPayer().fetch(shop.origin);
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    assert.equal((await reader.read()).value, "first ");
    go();
    assert.equal((await reader.read()).value, "second");
    assert.equal((await reader.read()).done, true);
  });

  test("a request that is given up while its film streams ends the stream, and is paid once", async (t) => {
    const { serve } = inPieces();
    const shop = await open(t, { office: undefined, serve: (payment, response) => void serve(response) });
    const payer = newPayer();
    const abort = new AbortController();
    const { body } = await payer.fetch(new Request(shop.origin, { signal: abort.signal }));
    const reader = body.getReader();
    await reader.read();
    abort.abort();
    await assert.rejects(reader.read(), { name: "AbortError" });
    assert.deepEqual([shop.checks.size, today(payer)], [1, "0.01"]);
  });

  test("everything but a 402 passes as it is", async (t) => {
    for (const status of [200, 204, 304, 400, 401, 403, 404, 410, 429, 500, 503]) {
      // A challenge beside another status is none of ours.
      const shop = await open(t, { turnAway: (request, response) => response.writeHead(status, { "payment-required": "W10=", "x-own": "kept" }).end() });
      const response = await newPayer().fetch(shop.origin, { method: "DELETE" });
      assert.deepEqual([response.status, response.headers.get("x-own"), shop.seen.length], [status, "kept", 1]);
    }
  });

  test("a 402 of another world passes with its body", async (t) => {
    const shop = await open(t, { turnAway: (request, response) => response.writeHead(402).end('{"pay":"at the counter"}') });
    const response = await newPayer().fetch(shop.origin);
    assert.deepEqual([response.status, await response.json()], [402, { pay: "at the counter" }]);
  });

  test("redirects are followed, shown or refused as the request says", async (t) => {
    const shop = await open(t, { first: (request, response) => request.url === "/moved" && response.writeHead(302, { location: "/film" }).end() });
    const payer = newPayer();
    assert.equal(await visit(payer, shop, "/moved", { redirect: "manual" }), 302);
    assert.equal(await visit(payer, shop, "/moved", { redirect: "error" }), "TypeError");
    assert.equal(shop.checks.size, 0);
    const followed = await payer.fetch(`${shop.origin}/moved`);
    assert.deepEqual([followed.status, followed.url, shop.checks.size], [200, `${shop.origin}/film`, 1]);
  });

  test("a body goes out again with the payment, and one that is gone is found out before anything is signed", async (t) => {
    const shop = await open(t, { office: undefined });
    const payer = newPayer();
    assert.equal(await visit(payer, shop, "/review", { method: "POST", body: "good" }), 200);
    assert.deepEqual(shop.seen.map(({ body }) => body), ["good", "good"]);
    const stream = () => new Blob(["once"]).stream();
    assert.equal(await visit(payer, shop, "/review", { method: "POST", body: stream(), duplex: "half" }), "body_not_replayable");
    assert.deepEqual([shop.checks.size, today(payer)], [1, "0.01"]);
  });

  test("headers of the request's own stay, and a payment of its own is none of ours", async (t) => {
    const shop = await open(t, { office: undefined });
    const payer = newPayer();
    assert.equal(await visit(payer, shop, "/film", { headers: { "x-seat": "4C", authorization: "Basic bWU6" } }), 200);
    assert.deepEqual(shop.seen.map(({ headers }) => [headers["x-seat"], headers.authorization]), [["4C", "Basic bWU6"], ["4C", "Basic bWU6"]]);
    const own = await newPayer().fetch(shop.origin, { headers: { "payment-signature": "bm90aGluZw==" } }).catch((error) => error);
    assert.ok(own instanceof TypeError || own.status !== 200);
    assert.equal(shop.checks.size, 1);
  });
});

// What a stranger is told, and how browsers and caches are told about it.
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { fromHeader, openWorld } from "./world.mjs";

let world;
before(async () => (world = await openWorld()));
after(() => world?.close());

test("s74 a gate made at module scope answers the first request of a cold worker", async () => {
  await world.gate.restart();
  assert.equal((await world.fetch("/films/moon")).status, 402);
});

test("a 402 speaks x402 v2 in its header and x402-mock in its body, of the same price and office", async () => {
  const response = await world.fetch("/films/moon");
  assert.equal(response.status, 402);
  const challenge = fromHeader(response.headers.get("payment-required"));
  const [offer] = challenge.accepts;
  assert.equal(challenge.x402Version, 2);
  assert.equal(challenge.error, "Payment required");
  assert.equal(challenge.resource.url, `${world.gate.url}/films/moon`);
  assert.deepEqual([offer.scheme, offer.network, offer.amount], ["exact", "eip155:84532", "10000"]);
  assert.equal(offer.payTo.toLowerCase(), world.chain.payee.address.toLowerCase());
  assert.deepEqual(offer.extra, { name: "USDC", version: "2" });
  assert.deepEqual(challenge.extensions.ticket.info, { endpoint: "/token?scope=matinee", scope: "matinee", ttl: 600 });

  const body = await response.json();
  assert.equal(body.code, "payment_required");
  assert.ok(body.message && body.reason && body.payment_instruction);
  assert.equal(body.access_token_endpoint, "/token?scope=matinee");
  assert.equal(body.payment_scheme.protocol_version, "Version 0.1");
  assert.equal(body.payment_scheme.payment_components.length, 1);
});

test("each of the gate's three forms asks for its own price", async () => {
  for (const [path, amount] of [["/films/moon", "10000"], ["/films/premiere", "50000"], ["/wrapped", "20000"], ["/inside", "20000"]]) {
    const response = await world.fetch(path);
    assert.equal(response.status, 402, path);
    assert.equal(fromHeader(response.headers.get("payment-required")).accepts[0].amount, amount, path);
  }
  assert.equal(await world.served(), 0);
});

test("s26 no cache keeps a 402 or an error", async () => {
  const requests = [["/films/moon"], ["/nowhere"], ["/token"], ["/token?scope=matinee", { method: "POST", body: "{}" }]];
  for (const [path, init] of requests) {
    const response = await world.fetch(path, init);
    assert.ok(response.status >= 400, path);
    assert.equal(response.headers.get("cache-control"), "no-store", path);
  }
});

test("s27 a page of another origin may read the 402, its challenge and the errors", async () => {
  for (const path of ["/films/moon", "/wrapped", "/inside", "/token", "/nowhere"]) {
    const { headers } = await world.fetch(path, { headers: { origin: "https://elsewhere.example" } });
    assert.equal(headers.get("access-control-allow-origin"), "*", path);
    const exposed = headers.get("access-control-expose-headers").toUpperCase();
    for (const name of ["PAYMENT-REQUIRED", "PAYMENT-RESPONSE"]) assert.ok(exposed.includes(name), `${path} ${name}`);
  }
});

test("s27 a preflight is answered before the gate, and allows what clients send", async () => {
  for (const path of ["/films/moon", "/wrapped", "/inside", "/token", "/nowhere"]) {
    const response = await world.fetch(path, { method: "OPTIONS" });
    assert.equal(response.status, 204, path);
    assert.equal(response.headers.get("access-control-allow-origin"), "*", path);
    const allowed = response.headers.get("access-control-allow-headers").toUpperCase();
    for (const name of ["AUTHORIZATION", "PAYMENT-SIGNATURE", "CONTENT-TYPE", "ACCESS-CONTROL-EXPOSE-HEADERS"]) {
      assert.ok(allowed.includes(name), `${path} ${name}`);
    }
  }
  assert.equal(await world.served(), 0);
});

test("a HEAD gets the 402 without a body, and is never charged", async () => {
  const payment = await world.pay("/films/moon");
  const response = await world.payOn("/films/moon", payment, { method: "HEAD" });
  assert.equal(response.status, 402);
  assert.equal(await response.text(), "");
  assert.ok(response.headers.get("payment-required"));
  assert.equal((await world.payOn("/films/moon", payment)).status, 200, "the payment is still good");
});

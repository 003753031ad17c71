// The ways to a film: a payment on it, a ticket from the office, and what a ticket does not open.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import test, { after, before } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { LocalWallet, createPayer } from "x402-wasm";
import { SECRET, asPermit, fromHeader, openWorld, ticketOf } from "./world.mjs";

let world;
before(async () => (world = await openWorld()));
after(() => world?.close());

test("a payment on the resource is served with a receipt, whose ticket opens the next one", async () => {
  for (const [path, next] of [["/films/moon", "/films/tide"], ["/wrapped", "/wrapped"], ["/inside", "/inside"]]) {
    const response = await world.payOn(path, await world.pay(path));
    assert.equal(response.status, 200, path);
    assert.equal((await response.json()).film, path);
    const receipt = fromHeader(response.headers.get("payment-response"));
    assert.deepEqual([receipt.success, receipt.transaction, receipt.network], [true, "", "eip155:84532"]);
    assert.equal(receipt.payer.toLowerCase(), world.payer.address.toLowerCase());

    const { token, scope, expiresAt } = receipt.extensions.ticket;
    assert.ok(expiresAt > Date.now() / 1000);
    const again = await world.withTicket(next, token);
    assert.equal(again.status, 200, next);
    assert.deepEqual(await again.json(), { film: next, scope });
    assert.equal(again.headers.get("payment-response"), null, "a ticket is no payment");
  }
});

test("the office sells the same ticket for an x402 v2 payment and in x402-mock's form", async () => {
  for (const form of [(payment) => payment, asPermit]) {
    const response = await world.buy("matinee", form(await world.pay("/films/moon")));
    assert.equal(response.status, 200);
    const sold = await response.json();
    assert.deepEqual([sold.token_type, sold.scope], ["Bearer", "matinee"]);
    // A second may pass between the claim and the answer.
    assert.ok(sold.expires_in <= 600 && sold.expires_in > 590, sold.expires_in);
    assert.match(sold.jti, /^[0-9a-f]{64}$/);
    assert.equal(ticketOf(response).token, sold.access_token);
    assert.equal((await world.withTicket("/films/tide", sold.access_token)).status, 200);
  }
});

test("the office sells tickets for handlers that are wrapped one by one", async () => {
  for (const path of ["/wrapped", "/inside"]) {
    const { access_token } = await (await world.buy(path.slice(1), await world.pay(path))).json();
    assert.equal((await world.withTicket(path, access_token)).status, 200, path);
  }
});

test("our payer buys one ticket and sees two films", async () => {
  const wallet = LocalWallet.generate();
  await world.chain.mint(wallet.address, 1_000_000);
  const asked = [];
  const watched = async (input, init) => {
    const response = await fetch(input, init);
    asked.push(`${new URL(input.url ?? input, world.gate.url).pathname} ${response.status}`);
    return response;
  };
  const payer = createPayer({ wallet, fetch: watched, networks: ["eip155:84532"], budget: { perPayment: "0.01" } });
  for (const film of ["/films/moon", "/films/tide"]) {
    const response = await payer.fetch(world.gate.url + film);
    assert.deepEqual([response.status, (await response.json()).film], [200, film]);
  }
  // The second film's 402 tells it that the ticket in its pocket is good there too.
  assert.deepEqual(asked, ["/films/moon 402", "/token 200", "/films/moon 200", "/films/tide 402", "/films/tide 200"]);
  assert.equal(payer.tickets().length, 1);
});

test("s20 a ticket opens its own scope and no other, dear or cheap", async () => {
  const doors = { matinee: "/films/moon", premiere: "/films/premiere", wrapped: "/wrapped", inside: "/inside" };
  for (const [scope, path] of Object.entries(doors)) {
    for (const form of [(payment) => payment, asPermit]) {
      const { access_token } = await (await world.buy(scope, form(await world.pay(path)))).json();
      for (const other of Object.values(doors)) {
        const response = await world.withTicket(other, access_token);
        assert.equal(response.status, other === path ? 200 : 402, `${scope} at ${other}`);
      }
    }
  }
});

test("s14 a payment of the low price buys nothing of the high one", async () => {
  const cheap = await world.pay("/films/moon");
  assert.equal((await world.buy("premiere", cheap)).status, 402);
  assert.equal((await world.buy("premiere", asPermit(cheap))).status, 400);
  assert.equal((await world.payOn("/films/premiere", cheap)).status, 402);
  assert.equal((await world.payOn("/films/moon", cheap)).status, 200, "and it is not used up");
});

test("s31 s32 forged, foreign and malformed tickets open nothing, each with its code", async () => {
  const { token } = ticketOf(await world.payOn("/films/moon", await world.pay("/films/moon")));
  const [header, claims, tag] = token.split(".");
  const decoded = (part) => JSON.parse(Buffer.from(part, "base64url"));
  const encoded = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = (head, body, secret) => `${head}.${body}.${createHmac("sha256", secret).update(`${head}.${body}`).digest("base64url")}`;
  const resigned = (changes) => signed(header, encoded({ ...decoded(claims), ...changes }), SECRET);
  // The last of 43 digits holds two bits more than the tag: another digit that a lenient decoder reads as the same.
  const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const alike = (digit) => DIGITS[DIGITS.indexOf(digit) ^ 1];
  const now = Math.floor(Date.now() / 1000);
  const tickets = [
    ["ticket_forged", `${header}.${claims}.${tag[0] === "A" ? "B" : "A"}${tag.slice(1)}`],
    ["ticket_forged", `${header}.${encoded({ ...decoded(claims), aud: "premiere" })}.${tag}`],
    ["ticket_forged", signed(header, claims, "another secret of at least 32 bytes")],
    ["ticket_algorithm", signed(encoded({ ...decoded(header), alg: "none" }), claims, SECRET)],
    ["ticket_algorithm", `${encoded({ ...decoded(header), alg: "none" })}.${claims}.`],
    ["ticket_key_unknown", signed(encoded({ ...decoded(header), kid: "other" }), claims, SECRET)],
    ["ticket_issuer", resigned({ iss: "https://other.test" })],
    ["ticket_scope", resigned({ aud: "premiere" })],
    ["ticket_expired", resigned({ iat: now - 700, exp: now - 100 })],
    ["ticket_not_yet_valid", resigned({ iat: now + 300, exp: now + 800 })],
    ["ticket_lives_too_long", resigned({ exp: now + 10 * 365 * 86_400 })],
    ["ticket_malformed", "a.b"],
    ["ticket_malformed", "a.b.c"],
    ["ticket_malformed", `${token}=`],
    ["ticket_malformed", `${token.slice(0, -1)}${alike(token.at(-1))}`],
    ["ticket_malformed", `${token}.x`],
    ["ticket_too_large", "a".repeat(9000)],
  ];
  assert.equal((await world.withTicket("/films/moon", resigned({}))).status, 200, "the forger's tools work");
  for (const [code, ticket] of tickets) {
    const response = await world.withTicket("/films/moon", ticket);
    assert.deepEqual([response.status, (await response.json()).code], [402, code], ticket.slice(0, 200));
    assert.equal(fromHeader(response.headers.get("payment-required")).error, code);
  }
});

test("a ticket of two seconds opens nothing in the third", async () => {
  const { access_token } = await (await world.buy("short", await world.pay("/shorts/1"))).json();
  assert.equal((await world.withTicket("/shorts/1", access_token)).status, 200);
  await pause(2_100);
  const late = await world.withTicket("/shorts/1", access_token);
  assert.deepEqual([late.status, (await late.json()).code], [402, "ticket_expired"]);
});

test("s26 a paid answer is private, whatever its handler says", async () => {
  const { token } = ticketOf(await world.payOn("/films/moon", await world.pay("/films/moon")));
  for (const [own, merged] of [
    ["", "private"],
    ["public, max-age=60", "private, max-age=60"],
    ["s-maxage=60, immutable", "private, immutable"],
    ["private, max-age=5", "private, max-age=5"],
    ["no-store", "no-store"],
  ]) {
    const headers = { "x-cache": own };
    const byTicket = await world.withTicket("/films/moon", token, { headers });
    const byPayment = await world.payOn("/films/moon", await world.pay("/films/moon"), { headers });
    for (const { status, headers } of [byTicket, byPayment]) {
      assert.deepEqual([status, headers.get("cache-control")], [200, merged], own);
      assert.equal(headers.get("access-control-allow-origin"), "*");
      assert.match(headers.get("access-control-expose-headers"), /PAYMENT-RESPONSE/i);
    }
  }
});

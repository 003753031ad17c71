// Servers that want more than they showed, over real HTTP. What counts is what is in their hands at the end: the distinct
// signatures that the asset's contract would take, and what they are worth.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { init, LocalWallet } from "x402-wasm";
import { PAYEE, Shop, toHeader, USDC } from "./shop.mjs";
import { newPayer, open, today, visit, visitUntil } from "./visit.mjs";

const CENT = 10_000n;
const STRANGER = `0x${"66".repeat(20)}`;

before(() => init());

/** The honest offer with these members changed. */
const offers = (...changes) => ({ accepts: () => changes.map((change) => ({ ...new Shop().offer(), ...change })) });

describe("nothing is signed", { concurrency: true }, () => {
  const refused = (name, code, parts, options) =>
    test(name, async (t) => {
      const shop = await open(t, parts);
      const payer = newPayer(typeof options === "function" ? options(shop) : options);
      const refusals = [];
      payer.addEventListener("refusal", ({ detail }) => refusals.push(detail.code));
      // Asking again changes nothing.
      assert.deepEqual([await visit(payer, shop), await visit(payer, shop)], [code, code]);
      assert.deepEqual(refusals, [code, code]);
      assert.deepEqual([shop.checks.size, shop.loot.length, today(payer)], [0, 0, "0"]);
    });

  refused("s55 for more than a payment may cost", "over_per_payment", offers({ amount: "100001" }));
  refused("s55 for all the money there is", "over_per_payment", offers({ amount: String(2n ** 256n - 1n) }));
  refused("s11 for a dollar that the server calls a cent by counting 8 decimals", "over_per_payment", offers({ amount: "1000000", extra: { name: "USDC", version: "2", decimals: 8 } }));
  refused("s55 above what a request may cost", "over_per_day", {}, { budget: { perDay: "0.009999" } });
  refused("s55 above what an hour may cost", "over_per_hour", {}, { budget: { perHour: "0.009999" } });
  refused("s55 above all that may ever be spent", "over_total", {}, { budget: { total: "0.009999" } });
  refused("s56 under another name of the asset", "asset_mismatch", offers({ extra: { name: "USD Coin", version: "2" } }));
  refused("s56 under another version of the asset", "asset_mismatch", offers({ extra: { name: "USDC", version: "1" } }));
  refused("s56 on a chain that is not allowed", "network_not_allowed", offers({ network: "eip155:8453" }));
  refused("s56 in an asset that nobody knows", "unknown_asset", offers({ asset: STRANGER }));
  refused("s56 in an asset of another chain", "unknown_asset", offers({ asset: "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913" }));
  refused("s57 to nobody", "invalid_payee", offers({ payTo: `0x${"00".repeat(20)}` }));
  const self = LocalWallet.generate();
  refused("s57 to the payer itself", "invalid_payee", offers({ payTo: self.address }), { wallet: self });
  refused("s57 to somebody who is not on the list", "payee_changed", {}, ({ origin }) => ({ budget: { payees: { [origin]: [STRANGER] } } }));
  refused("s65 through Permit2", "permit2_not_allowed", offers({ extra: { name: "USDC", version: "2", assetTransferMethod: "permit2" } }));
  refused("by a scheme that nobody knows", "no_acceptable_offer", offers({ scheme: "subscription" }));
  refused("without an offer", "no_acceptable_offer", offers());
  for (const amount of ["1e3", "-1", "0x10", "10000.5", "010", " 10000", "", 10_000, null, String(2n ** 256n)]) {
    refused(`s10 for ${JSON.stringify(amount)}`, "no_acceptable_offer", offers({ amount }));
  }
  const unreadable = (name, write) =>
    refused(name, "unreadable_challenge", { turnAway: (request, response) => response.writeHead(402, { "payment-required": write() }).end() });
  const text = JSON.stringify({ x402Version: 2, resource: { url: "x" }, ...offers({}), accepts: offers({}).accepts() });
  unreadable("s12 where one member stands twice", () => toHeader(text.replace('"amount":"10000"', '"amount":"10000","amount":"90000"')));
  unreadable("s12 where one member stands twice in other letters", () => toHeader(text.replace('"amount":"10000"', String.raw`"amount":"10000","\u0061mount":"90000"`)));
  unreadable("s12 in a document with something behind it", () => toHeader(`${text} {}`));
  unreadable("s12 in a document that is too deep", () => toHeader(text.replace('"x402Version":2', `"x402Version":2,"extensions":${"[".repeat(40)}${"]".repeat(40)}`)));
  unreadable("s12 in no document", () => "nonsense");
  for (const office of ["//127.0.0.1:9/token", "@127.0.0.1:9/token", "/\\127.0.0.1:9/token", "http://127.0.0.1:9/token", "javascript:alert(1)", "data:,x", "file:///etc/passwd"]) {
    refused(`s60 at an office elsewhere: ${office}`, "foreign_office", { office });
  }
});

describe("nothing is signed for this request", { concurrency: true }, () => {
  for (const maxAmount of ["0.009999", "0", "a cent"]) {
    test(`s55 which may cost ${maxAmount}`, async (t) => {
      const shop = await open(t, {});
      const payer = newPayer();
      assert.equal(await visit(payer, shop, "/film", { maxAmount }), "over_max_amount");
      assert.deepEqual([shop.checks.size, today(payer)], [0, "0"]);
    });
  }

  test("s58 which goes over plain http to another machine", async (t) => {
    const shop = await open(t, {});
    const there = "http://shop.example";
    // As if that name led here.
    const fetch = async (input, init) => {
      const response = await globalThis.fetch(String(input).replace(there, shop.origin), init);
      return Object.defineProperty(response, "url", { value: response.url.replace(shop.origin, there) });
    };
    const payer = newPayer({ fetch });
    assert.equal(await visit(payer, { origin: there }), "insecure_origin");
    assert.deepEqual([shop.seen.length, shop.checks.size, today(payer)], [1, 0, "0"]);
  });
});

/** Visits so often, and says what came of each. */
async function visits(payer, shop, times, path) {
  const answers = [];
  for (let n = 0; n < times; n++) answers.push(await visit(payer, shop, path));
  return answers;
}

describe("one signature and no second", { concurrency: true }, () => {
  const bought = (name, answers, parts) =>
    test(name, async (t) => {
      const shop = await open(t, parts);
      const payer = newPayer();
      assert.deepEqual(await visits(payer, shop, answers.length), answers);
      assert.deepEqual([shop.checks.size, shop.income, today(payer)], [1, CENT, "0.01"]);
    });

  const again = "payment_not_honoured";
  bought("the shop is honest", [200, 200, 200], {});
  bought("s63 the shop takes the payment and asks again, without end", [again, again, again], {
    office: undefined,
    serve: (payment, response) => response.writeHead(402, { "payment-required": toHeader(new Shop().challenge()) }).end(),
  });
  bought("s63 the shop asks again, and for more", [again, again], {
    office: undefined,
    serve: (payment, response) => response.writeHead(402, { "payment-required": toHeader({ ...new Shop().challenge(), accepts: offers({ amount: "20000" }).accepts() }) }).end(),
  });
  bought("s63 the ticket opens nothing", [again, again, again], { opens: () => false });
  bought("s63 the office sells something else than a ticket", ["payment_refused", "payment_refused"], { sell: (payment, response) => response.writeHead(400).end('{"code":"nonce_already_used","message":"Pay anew."}') });
  bought("s57 another payee, once the first is paid", [200, "payee_changed", "payee_changed"], {
    office: undefined,
    offer: (turn) => ({ ...new Shop().offer(), payTo: turn === 1 ? PAYEE : STRANGER }),
  });
  bought("s55 another price, once the first is paid", [200, "over_per_payment"], {
    office: undefined,
    offer: (turn) => ({ ...new Shop().offer(), amount: turn === 1 ? "10000" : "5000000" }),
  });
  bought("s28 the ticket is a header of its own", ["TypeError", "TypeError"], {
    sell: (payment, response) => response.end(JSON.stringify({ access_token: "a\r\nset-cookie: b", token_type: "Bearer", expires_in: 600 })),
  });

  test("s61 a validity of a century is cut to ten minutes", async (t) => {
    const shop = await open(t, offers({ maxTimeoutSeconds: 3_200_000_000 }));
    assert.equal(await visit(newPayer(), shop), 200);
    const [{ validBefore }] = shop.checks.values();
    assert.ok(Number(validBefore) <= Date.now() / 1000 + 600, validBefore);
  });

  test("s54 two texts of one 402 that differ: the one that was read is the one that is signed", async (t) => {
    const decoy = { x402Version: 1, error: "x", accepts: [{ scheme: "exact", network: "base-sepolia", maxAmountRequired: "90000", asset: USDC, payTo: STRANGER, resource: "x", description: "", mimeType: "", maxTimeoutSeconds: 300 }] };
    const shop = await open(t, { turnAway: (request, response) => response.writeHead(402, { "payment-required": toHeader(shop.challenge(1)) }).end(JSON.stringify(decoy)) });
    assert.equal(await visit(newPayer(), shop), 200);
    const [{ to, value }] = shop.checks.values();
    assert.deepEqual([to.toLowerCase(), value], [PAYEE.toLowerCase(), "10000"]);
  });

  test("s54 of many offers the first within the budget is signed, as it was shown", async (t) => {
    const shop = await open(t, offers({ amount: "100001" }, { network: "eip155:1" }, { amount: "20000" }, { amount: "10000" }));
    const payer = newPayer();
    const shown = new Promise((resolve) => payer.addEventListener("payment", ({ detail }) => resolve(detail), { once: true }));
    assert.equal(await visit(payer, shop), 200);
    const { amount, payTo, typedData } = await shown;
    const [{ to, value }] = shop.checks.values();
    assert.deepEqual([amount, value, payTo.toLowerCase(), typedData.message.value], ["0.02", "20000", to.toLowerCase(), "20000"]);
  });
});

describe("the budget holds", { concurrency: true }, () => {
  test("s55 against a price that grows with every visit", async (t) => {
    const shop = await open(t, { office: undefined, offer: (turn) => ({ ...new Shop().offer(), amount: String(10_000 * 2 ** (turn - 1)) }) });
    const payer = newPayer({ budget: { perPayment: "0.05", perDay: "0.10" } });
    assert.deepEqual(await visits(payer, shop, 5), [200, 200, 200, "over_per_payment", "over_per_payment"]);
    assert.deepEqual([shop.income, today(payer)], [70_000n, "0.07"]);
  });

  test("s55 s61 against a thousand requests at once, each with a nonce of its own", async (t) => {
    const shop = await open(t, { office: undefined });
    const payer = newPayer({ budget: { perDay: "0.05" } });
    const answers = await Promise.all(Array.from({ length: 1000 }, (_, n) => visit(payer, shop, `/film/${n}`)));
    assert.equal(answers.filter((answer) => answer === 200).length, 5);
    assert.equal(answers.filter((answer) => answer === "over_per_day").length, 995);
    assert.deepEqual([shop.checks.size, shop.income], [5, 5n * CENT]);
  });

  test("s62 against offices that take the money and hang up", async (t) => {
    const payer = newPayer({ budget: { total: "0.02" } });
    const shops = await Promise.all([1, 2, 3].map(() => open(t, { first: (request, response, payment) => payment && response.destroy() })));
    const answers = [];
    for (const shop of shops) answers.push(await visitUntil(() => shop.posts.length > 0, payer, shop));
    assert.deepEqual(answers, ["AbortError", "AbortError", "over_total"]);
    assert.deepEqual(shops.map(({ checks }) => checks.size), [1, 1, 0]);
  });

  test("s63 against an office that never gives a verdict", async (t) => {
    const shop = await open(t, { first: (request, response, payment) => payment && response.writeHead(503).end() });
    const payer = newPayer();
    assert.equal(await visit(payer, shop), "payment_outcome_unknown");
    assert.equal(shop.posts.length, 6);
    assert.deepEqual([shop.checks.size, new Set(shop.posts.map(({ body }) => body)).size, today(payer)], [1, 1, "0.01"]);
  });

  test("s73 against a ticket without end, which is none", async (t) => {
    const shop = await open(t, { sell: (payment, response) => response.end(JSON.stringify({ access_token: "x".repeat(200_000), token_type: "Bearer", expires_in: 600 })) });
    const payer = newPayer();
    assert.equal(await visit(payer, shop), "payment_outcome_unknown");
    assert.deepEqual([shop.checks.size, today(payer)], [1, "0.01"]);
  });
});

// What an owner says beyond one budget: caps for each origin, the only assets and payees, and an answer about a payee that
// changed. Over real HTTP, against shops that count what is in their hands.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { createPayer, init, LocalWallet, X402Error } from "x402-wasm";
import { NETWORK, PAYEE, Shop, USDC } from "./shop.mjs";
import { newPayer, open, today, visit } from "./visit.mjs";

const STRANGER = `0x${"66".repeat(20)}`;

before(() => init());

/** A shop that names somebody else from its second challenge on. */
const turncoat = (payTo = STRANGER) => ({
  office: undefined,
  offer: (turn) => ({ ...new Shop().offer(), payTo: turn === 1 ? PAYEE : payTo }),
});

const payees = (shop) => [...shop.checks.values()].map(({ to }) => to.toLowerCase());

describe("s57 a payee that changed", { concurrency: true }, () => {
  test("is paid after a yes, and asked about once", async (t) => {
    const shop = await open(t, turncoat());
    const asked = [];
    const payer = newPayer({
      confirm: async (change) => {
        // Nothing was signed by then.
        asked.push({ ...change, signatures: shop.checks.size });
        return true;
      },
    });
    for (let n = 0; n < 3; n++) assert.equal(await visit(payer, shop), 200);
    assert.deepEqual(payees(shop), [PAYEE.toLowerCase(), STRANGER, STRANGER]);
    const [{ offer, ...change }, ...more] = asked;
    assert.equal(more.length, 0);
    assert.deepEqual(change, { code: "payee_changed", origin: shop.origin, url: `${shop.origin}/film`, known: PAYEE, payee: STRANGER, signatures: 1 });
    assert.deepEqual([offer.amount, offer.symbol, offer.asset, offer.network, offer.payTo], ["0.01", "USDC", USDC, NETWORK, STRANGER]);
  });

  for (const [name, confirm] of [
    ["a no", () => false],
    ["an answer that is not true", () => "yes"],
    ["an answer that never comes to be", () => Promise.reject(new Error("The window was closed."))],
    ["an exception", () => { throw new Error("There is no window."); }],
    ["nobody to ask", undefined],
  ]) {
    test(`is refused after ${name}`, async (t) => {
      const shop = await open(t, turncoat());
      const payer = newPayer({ confirm });
      assert.equal(await visit(payer, shop), 200);
      const refusals = [];
      payer.addEventListener("refusal", ({ detail }) => refusals.push(detail));
      for (let n = 0; n < 2; n++) {
        const error = await payer.fetch(`${shop.origin}/film`).catch((error) => error);
        assert.ok(error instanceof X402Error);
        assert.deepEqual([error.code, error.offer.payTo, error.limit], ["payee_changed", STRANGER, { option: "budget.payees" }]);
      }
      assert.deepEqual(refusals.map(({ code, offer }) => [code, offer.payTo]), [["payee_changed", STRANGER], ["payee_changed", STRANGER]]);
      assert.deepEqual([shop.checks.size, today(payer)], [1, "0.01"]);
    });
  }

  test("is asked about once by fifty requests", async (t) => {
    const shop = await open(t, turncoat());
    let questions = 0;
    const payer = newPayer({ confirm: () => ++questions > 0 });
    assert.equal(await visit(payer, shop), 200);
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => visit(payer, shop, `/film/${n}`)));
    assert.deepEqual([new Set(answers), questions], [new Set([200]), 1]);
  });

  test("is not asked about once its request was given up", async (t) => {
    const shop = await open(t, turncoat());
    const abort = new AbortController();
    const payer = newPayer({ confirm: () => (abort.abort(), new Promise(() => {})) });
    assert.equal(await visit(payer, shop), 200);
    assert.equal(await visit(payer, shop, "/film", { signal: abort.signal }), "AbortError");
    assert.deepEqual([shop.checks.size, today(payer)], [1, "0.01"]);
  });

  test("confirm is a function, or an error", () => {
    for (const confirm of [true, "yes", {}, null]) assert.throws(() => newPayer({ confirm }), { code: "invalid_option" });
  });
});

/** Keeps one text, as a file would. */
function shelf() {
  let text;
  return { load: () => text, save: (next) => void (text = next) };
}

describe("s55 caps of an origin", { concurrency: true }, () => {
  test("hold beside the others, and after the payer was opened anew", async (t) => {
    const [dear, cheap] = [await open(t, { office: undefined }), await open(t, { office: undefined })];
    const options = { wallet: LocalWallet.generate(), networks: [NETWORK], store: shelf() };
    const budget = { perDay: "0.05", origins: { [dear.origin]: { total: "0.02" }, "*": { perDay: "0.01" } } };
    const payer = createPayer({ ...options, budget });
    assert.deepEqual([await visit(payer, dear), await visit(payer, cheap), await visit(payer, cheap)], [200, 200, "over_origin_per_day"]);
    const again = createPayer({ ...options, budget });
    assert.deepEqual([await visit(again, cheap), await visit(again, dear), await visit(again, dear)], ["over_origin_per_day", 200, "over_origin_total"]);
    assert.deepEqual(again.spending().origins, {
      [dear.origin]: { total: { limit: "0.02", spent: "0.02" } },
      [cheap.origin]: { perDay: { limit: "0.01", spent: "0.01" } },
    });
    assert.deepEqual([dear.checks.size, cheap.checks.size], [2, 1]);
    const error = await again.fetch(`${dear.origin}/film`).catch((error) => error);
    assert.deepEqual([error.limit, error.offer.amount], [{ option: "budget.origins.total", left: "0" }, "0.01"]);
  });
});

describe("only what is on a list", { concurrency: true }, () => {
  for (const [name, allow, code] of [
    ["s56 another asset", { assets: [STRANGER] }, "asset_not_allowed"],
    ["s57 another payee", { payees: [STRANGER] }, "payee_not_allowed"],
    ["this asset and this payee", { assets: [USDC], payees: [PAYEE] }, 200],
  ]) {
    test(name, async (t) => {
      const shop = await open(t, {});
      const payer = newPayer({ budget: { allow } });
      assert.equal(await visit(payer, shop), code);
      assert.equal(shop.checks.size, code === 200 ? 1 : 0);
    });
  }
});

// Tabs of one visitor: one budget, one purchase, and nothing forgotten where a tab or the network ends in the middle (S62, S63).
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openHouse } from "./house.mjs";

let house;
before(async () => (house = await openHouse()));
after(() => house?.close());

/** A new visitor with a funded wallet; `tab()` opens a page, and `payments` is what their tabs sent to the office. */
async function enter(t, options = {}, prepare = () => {}) {
  const visitor = await house.visitor();
  t.after(visitor.close);
  const payments = [];
  visitor.context.on("request", (request) => {
    if (request.method() === "POST" && request.url().includes("/token")) payments.push(request.postData());
  });
  const tab = async () => {
    const page = await visitor.page();
    await page.evaluate(prepare);
    await page.evaluate(openPayer, options);
    return page;
  };
  const first = await tab();
  const address = await first.evaluate(() => tab.payer.address);
  await house.fund(address);
  return { first, tab, payments, address, context: visitor.context, distinct: () => new Set(payments).size };
}

/** In a page: the visitor's payer, whose wallet and state are those of all tabs. */
async function openPayer(options) {
  await kit.init();
  const vault = await kit.Vault.open();
  if (!vault.address) await vault.generate();
  window.tab = await kit.open({ wallet: vault, store: kit.indexedDb(), ...options });
}

/** In a page: no news from other tabs. */
function deafen() {
  window.BroadcastChannel = class extends EventTarget {
    postMessage() {}
  };
}

const fetchAll = (page, urls) => page.evaluate((urls) => Promise.all(urls.map((url) => kit.outcome(tab.payer.fetch(url)))), urls);
const fetchOne = async (page, url) => (await fetchAll(page, [url]))[0];
const told = (page) => page.evaluate(() => tab.told);
const spent = (page) => page.evaluate(() => tab.payer.spending().perDay.spent);

/** Resolves when a page shows this sum. */
const shows = (page, sum) => page.waitForFunction((sum) => tab.payer.spending().perDay.spent === sum, sum);

describe("tabs", { concurrency: true }, () => {
  test("s63 a hundred requests in two tabs at once are one purchase", async (t) => {
    const { first, tab, address, distinct } = await enter(t);
    const second = await tab();
    const films = Array.from({ length: 50 }, (_, n) => `${house.world.gate.url}/films/${n}`);
    const answers = await Promise.all([first, second].map((page) => fetchAll(page, films)));
    assert.ok(answers.flat().every((status) => status === 200), String(answers));
    assert.equal(distinct(), 1);
    const payments = (await Promise.all([first, second].map(told))).flat().filter((type) => type === "payment");
    assert.equal(payments.length, 1);
    await Promise.all([first, second].map((page) => shows(page, "0.01")));
    assert.ok((await told(second)).includes("budget"), "a tab is told what another spends");
    assert.deepEqual(await house.cashed(address, 1), [10_000]);
  });

  test("s55 tabs cannot overspend together", async (t) => {
    // Not even where no tab hears of another: what counts is what is saved.
    const { first, tab, address } = await enter(t, { budget: { perDay: "0.03" } }, deafen);
    const second = await tab();
    const [inside, wrapped] = ["inside", "wrapped"].map((name) => `${house.world.gate.url}/${name}`);
    const answers = await Promise.all([fetchOne(first, inside), fetchOne(second, wrapped)]);
    assert.deepEqual(answers.sort(), [200, "over_per_day"]);
    assert.equal(await fetchOne(second, house.film), 200);
    assert.equal(await spent(second), "0.03");
    assert.deepEqual((await house.cashed(address, 2)).sort(), [10_000, 20_000]);
  });

  test("s62 a reload forgets neither what was spent nor what was bought", async (t) => {
    const { first, distinct } = await enter(t);
    assert.equal(await fetchOne(first, house.film), 200);
    await first.reload();
    await first.evaluate(openPayer, {});
    assert.equal(await fetchOne(first, house.film), 200);
    assert.deepEqual([await spent(first), distinct()], ["0.01", 1]);
  });

  for (const reaches of [true, false]) {
    test(`s63 a reload in the middle of a payment that ${reaches ? "reaches" : "does not reach"} the gate`, async (t) => {
      const { first, address, payments, distinct } = await enter(t);
      let swallowed;
      const swallow = new Promise((resolve) => (swallowed = resolve));
      await first.route("**/token*", async (route) => {
        if (payments.length > 1) return route.continue();
        if (reaches) await route.fetch();
        swallowed();
      });
      const lost = fetchOne(first, house.film).catch(() => {});
      await swallow;
      await first.reload();
      await lost;
      await first.evaluate(openPayer, {});
      assert.equal(await fetchOne(first, house.film), 200);
      assert.equal(payments.length, 2);
      assert.deepEqual([await spent(first), distinct()], ["0.01", 1]);
      assert.deepEqual(await house.cashed(address, 1), [10_000]);
    });
  }

  test("s63 a tab that is closed at the head of the line leaves its payment to the next", async (t) => {
    const { first, tab, distinct } = await enter(t);
    let swallowed;
    const swallow = new Promise((resolve) => (swallowed = resolve));
    await first.route("**/token*", swallowed);
    const lost = fetchOne(first, house.film).catch(() => {});
    await swallow;
    const second = await tab();
    const waiting = fetchOne(second, house.film);
    await second.waitForFunction(async () => (await navigator.locks.query()).pending.length > 0);
    await first.close();
    assert.equal(await waiting, 200);
    await lost;
    assert.deepEqual([await spent(second), distinct()], ["0.01", 1]);
  });

  test("s62 a page that ends while its wallet is asked has spent, and pays with a fresh nonce after", async (t) => {
    const { first, distinct } = await enter(t);
    const asked = first.evaluate(async (url) => {
      const { address } = await kit.Vault.open();
      const { payer } = await kit.open({ wallet: { address, unlock: () => new Promise(() => {}) }, store: kit.indexedDb() });
      void kit.outcome(payer.fetch(url));
    }, house.film);
    await asked;
    await shows(first, "0.01");
    await first.reload();
    await first.evaluate(openPayer, {});
    assert.equal(await fetchOne(first, house.film), 200);
    assert.deepEqual([await spent(first), distinct()], ["0.02", 1]);
  });

  test("s63 a network that goes and comes back in the middle of a payment", async (t) => {
    const { first, context, payments, distinct, address } = await enter(t);
    let away = 0;
    await first.route("**/token*", async (route) => {
      await route.fetch();
      await context.setOffline(true);
      away += 1;
      await route.abort("internetdisconnected");
      await first.unroute("**/token*");
      setTimeout(() => context.setOffline(false), 300);
    });
    assert.equal(await fetchOne(first, house.film), 200);
    assert.equal(away, 1);
    assert.ok(payments.length >= 2);
    assert.deepEqual([await spent(first), distinct()], ["0.01", 1]);
    assert.deepEqual(await house.cashed(address, 1), [10_000]);
  });

  test("s63 a network that stays away leaves the outcome unknown, and the same payment for later", async (t) => {
    const { first, context, distinct, address } = await enter(t);
    await first.route("**/token*", async (route) => {
      await context.setOffline(true);
      await route.abort("internetdisconnected");
    });
    assert.equal(await fetchOne(first, house.film), "payment_outcome_unknown");
    await first.unroute("**/token*");
    await context.setOffline(false);
    assert.equal(await fetchOne(first, house.film), 200);
    assert.deepEqual([await spent(first), distinct()], ["0.01", 1]);
    assert.deepEqual(await house.cashed(address, 1), [10_000]);
  });

  test("s62 without a database nothing is signed", async (t) => {
    const { first, distinct } = await enter(t);
    const outcome = await first.evaluate(async (url) => {
      IDBObjectStore.prototype.put = () => {
        throw new DOMException("The disk is full.", "QuotaExceededError");
      };
      return kit.outcome(tab.payer.fetch(url));
    }, house.film);
    assert.deepEqual([outcome, distinct()], ["store_failed", 0]);
  });
});

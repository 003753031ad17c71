// A page that pays shops of other origins, over the browser's own fetch, with the full build: redirects across origins, a
// vault that signs a text, a payee that changed.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createSiweMessage } from "viem/siwe";
import { verifyMessage } from "viem";
import { fromHeader, NETWORK, PAYEE, Shop } from "../../behaviour/payer/shop.mjs";
import { openHouse } from "./house.mjs";

const STRANGER = `0x${"66".repeat(20)}`;
const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "authorization, content-type, payment-signature, sign-in-with-x",
  "access-control-expose-headers": "payment-required, payment-response",
};

let house;
before(async () => (house = await openHouse("page.full.entry.js")));
after(() => house?.close());

/** A shop that pages of other origins may use; `first` may answer before it does. */
async function open(t, { first = () => false, ...parts }) {
  const shop = await new Shop({
    ...parts,
    first: (request, response, payment) => {
      for (const [name, value] of Object.entries(CORS)) response.setHeader(name, value);
      if (request.method === "OPTIONS") return response.writeHead(204).end();
      return first(request, response, payment);
    },
  }).open();
  t.after(() => shop.close());
  return shop;
}

/** A new visitor's page with a payer, kept in a vault. */
async function enter(t, options = {}) {
  const visitor = await house.visitor();
  t.after(visitor.close);
  const page = await visitor.page();
  await page.evaluate(async ({ says, ...options }) => {
    await kit.init();
    const vault = await kit.Vault.open();
    if (!vault.address) await vault.generate();
    window.asked = [];
    if (says !== undefined) options.confirm = (change) => (asked.push(change), says);
    window.tab = await kit.open({ wallet: vault, ...options });
  }, options);
  /** The status of the answer or the code of the refusal; given up once `holds` does. */
  const visit = async (shop, holds) => {
    const answer = page.evaluate(async (url) => {
      window.abort = new AbortController();
      return kit.outcome(tab.payer.fetch(url, { signal: abort.signal }));
    }, `${shop.origin}/film`);
    let isOver = false;
    void answer.then(() => (isOver = true));
    while (!isOver && holds && !holds()) await new Promise((resolve) => setTimeout(resolve, 20));
    if (!isOver && holds) await page.evaluate(() => abort.abort());
    return answer;
  };
  return { page, visit };
}

describe("nothing crosses with a redirect", { concurrency: true }, () => {
  for (const status of [302, 307]) {
    const steal = (sink) => (response) => response.writeHead(status, { location: `${sink.origin}/token` }).end();
    for (const [from, trap] of [
      ["an office", (go) => ({ sell: (payment, response) => go(response) })],
      ["a gate that was shown a ticket", (go) => ({ first: (request, response) => request.headers.authorization && (go(response), true) })],
      ["a gate that was paid", (go) => ({ office: undefined, serve: (payment, response) => go(response) })],
    ]) {
      test(`s59 from ${from} over a ${status}`, async (t) => {
        const sink = await open(t, {});
        const shop = await open(t, trap(steal(sink)));
        const { visit } = await enter(t);
        await visit(shop, () => shop.loot.length > 1);
        assert.ok(shop.loot.length > 0, "it came so far");
        assert.deepEqual(sink.seen, []);
        assert.ok(shop.checks.size <= 1);
      });
    }
  }

  test("s58 a request that is redirected to a shop pays that shop, and no one before it", async (t) => {
    const shop = await open(t, {});
    const door = await open(t, { first: (request, response) => response.writeHead(302, { location: `${shop.origin}/film` }).end() });
    const { page, visit } = await enter(t);
    assert.deepEqual([await visit(door), await visit(door)], [200, 200]);
    assert.deepEqual([shop.checks.size, door.loot.length], [1, 0]);
    assert.deepEqual(await page.evaluate(() => tab.payer.tickets().map(({ origin }) => origin)), [shop.origin]);
  });
});

test("s57 a payee that changed is paid after a yes, is pinned, and is remembered", async (t) => {
  const shop = await open(t, { office: undefined, offer: (turn) => ({ ...new Shop().offer(), payTo: turn === 1 ? PAYEE : STRANGER }) });
  const { page, visit } = await enter(t, { says: true });
  assert.deepEqual([await visit(shop), await visit(shop), await visit(shop)], [200, 200, 200]);
  const asked = await page.evaluate(() => asked.map(({ known, payee }) => [known, payee]));
  assert.deepEqual(asked, [[PAYEE, STRANGER]]);
  const past = await page.evaluate(() => kit.history(tab.payer).map(({ payTo, state }) => [payTo, state]));
  assert.deepEqual(past, [[PAYEE, "honoured"], [STRANGER, "honoured"], [STRANGER, "honoured"]]);
});

test("s57 and not after a no", async (t) => {
  const shop = await open(t, { office: undefined, offer: (turn) => ({ ...new Shop().offer(), payTo: turn === 1 ? PAYEE : STRANGER }) });
  const { visit } = await enter(t, { says: false });
  assert.deepEqual([await visit(shop), await visit(shop)], [200, "payee_changed"]);
  assert.equal(shop.checks.size, 1);
});

test("s76 a vault signs in with its key, and pays nothing", async (t) => {
  const proofs = [];
  const shop = await open(t, {
    office: undefined,
    first: (request, response) => {
      const proof = request.headers["sign-in-with-x"];
      if (!proof) return false;
      proofs.push(fromHeader(proof));
      return response.end("the film");
    },
  });
  const challenge = shop.challenge;
  const info = { domain: new URL(shop.origin).host, uri: `${shop.origin}/film`, version: "1", nonce: "ab".repeat(16), issuedAt: `${new Date().toISOString().slice(0, 19)}Z` };
  shop.challenge = (turn) => ({ ...challenge(turn), extensions: { "sign-in-with-x": { info, supportedChains: [{ chainId: NETWORK, type: "eip191" }], schema: {} } } });
  const { page, visit } = await enter(t, { signIn: "always" });
  assert.equal(await visit(shop), 200);
  const [{ address, signature, chainId, issuedAt, ...rest }] = proofs;
  assert.equal(address, await page.evaluate(() => tab.payer.address));
  const message = createSiweMessage({ ...rest, address, chainId: Number(chainId.split(":")[1]), issuedAt: new Date(issuedAt) });
  // Seconds have no fraction in what was asked for.
  assert.ok(await verifyMessage({ address, message: message.replace(/\.000Z/, "Z"), signature }));
  assert.equal(shop.checks.size, 0);
});

// What every store of payments promises, asked of each of them in the same words.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import test, { after, before } from "node:test";

const key = (payer = randomBytes(2).toString("hex")) => payer + randomBytes(30).toString("hex");
const facts = (changes) => ({ state: "granted", payer: "0xaa", worth: 10, since: 1_000, onCredit: false, ...changes });
const crowd = (count, act) => Promise.all(Array.from({ length: count }, (_, place) => act(place)));
/** A write that went through answers with the version that it wrote. */
const won = (answer) => typeof answer === "number";
const counted = (answers, answer) => answers.filter(answer === won ? won : (own) => own === answer).length;

/**
 * `open()` resolves to `{ store, restart?, close }`; `restart` ends the store's process as a power cut would. `shards`:
 * over how many objects the store spreads its payers.
 */
export function conforms(name, open, { shards = 1 } = {}) {
  let world;
  let store;
  before(async () => ({ store } = world = await open()));
  after(() => world?.close());

  test(`s39 ${name}: a record is inserted once, replaced under its version, and removed under it`, async () => {
    const own = key();
    assert.equal((await store.read(own)) ?? undefined, undefined);
    assert.equal(await store.write(own, 1, "one", undefined, facts()), false, "there is no version 1 yet");
    const first = await store.write(own, 0, "one", undefined, facts());
    assert.ok(Number.isSafeInteger(first) && first > 0, `version ${first}`);
    assert.equal(await store.write(own, 0, "other", undefined, facts()), false);
    assert.deepEqual({ ...(await store.read(own)) }, { record: "one", version: first });
    const second = await store.write(own, first, "two", 5, facts());
    assert.equal(await store.write(own, first, "late", 5, facts()), false);
    assert.deepEqual({ ...(await store.read(own)) }, { record: "two", version: second });
    assert.equal(await store.write(own, first, undefined), false);
    assert.equal(await store.write(own, second, undefined), second);
    assert.equal((await store.read(own)) ?? undefined, undefined);
  });

  test(`s39 ${name}: a record that was removed and made anew is another one to whoever looked before`, async () => {
    const own = key();
    const seen = new Set();
    for (let life = 0; life < 20; life += 1) {
      const first = await store.write(own, 0, "claimed", 5, facts({ state: "claimed" }));
      const last = await store.write(own, first, "granted", 5, facts());
      for (const old of seen) {
        assert.equal(await store.write(own, old, "late", 5, facts()), false);
        assert.equal(await store.write(own, old, undefined), false);
      }
      assert.equal((await store.read(own)).record, "granted");
      for (const version of [first, last]) assert.equal(seen.has(version) || !seen.add(version), false, `${version} again`);
      assert.equal(await store.write(own, last, undefined), last);
    }
  });

  test(`s39 ${name}: of a hundred writers at once one wins, every time`, async () => {
    const keys = Array.from({ length: 20 }, () => key());
    await Promise.all(
      keys.map(async (own) => {
        const inserted = await crowd(50, (place) => store.write(own, 0, `insert ${place}`, undefined, facts()));
        assert.deepEqual([counted(inserted, won), counted(inserted, false)], [1, 49]);
        const version = inserted.find(won);
        const replaced = await crowd(50, (place) => store.write(own, version, `replace ${place}`, undefined, facts()));
        assert.deepEqual([counted(replaced, won), counted(replaced, false)], [1, 49]);
        assert.equal((await store.read(own)).version, replaced.find(won));
      }),
    );
  });

  test(`s53 ${name}: what is due comes in its order, as much as is asked for, and no sooner`, async () => {
    const keys = Array.from({ length: 12 }, () => key());
    for (const [place, own] of keys.entries()) await store.write(own, 0, `due ${place}`, 100 + 10 * (place % 6), facts());
    const own = async (now, limit) => (await store.due(now, limit)).filter((row) => keys.includes(row.key));
    assert.deepEqual(await own(99, 100), []);
    const due = await own(1_000, 1_000);
    assert.equal(due.length, 12);
    const times = due.map(({ dueAt }) => dueAt);
    assert.deepEqual(times, [...times].sort((a, b) => a - b));
    assert.equal((await own(100, 100)).length, 2, "at the very second");
    assert.equal((await store.due(1_000, 3)).length, 3);
    const [first] = due;
    assert.match(first.record, /^due [06]$/);
    const later = await store.write(first.key, first.version, "later", 2_000, facts());
    assert.equal((await own(1_000, 1_000)).length, 11);
    assert.ok(won(await store.write(first.key, later, "never", undefined, facts())));
    assert.equal((await own(1_000_000, 1_000)).length, 11);
    for (const { key: rest, version } of await own(1_000, 1_000)) assert.equal(await store.write(rest, version, undefined), version);
    assert.deepEqual(await own(1_000_000, 1_000), [], "what is removed is not due");
  });

  test(`s45 ${name}: credit in all and within a window is bounded too`, async () => {
    // In a store of several objects each lends its share, so the sum never gets above the limit.
    const lend = (limits) => (place) => {
      const own = facts({ payer: `0x1${place}`, onCredit: true, since: 5_000, limits: { payer: 1e9, all: 1e9, ...limits } });
      return store.write(key(), 0, "lent", undefined, own);
    };
    const inAll = counted(await crowd(40, lend({ all: 100 })), won);
    assert.ok(shards === 1 ? inAll === 10 : inAll * 10 <= 100, `${inAll} loans`);
    const inWindow = counted(await crowd(40, lend({ window: 40 + inAll * 10, windowSince: 4_999 })), won);
    assert.ok(shards === 1 ? inWindow === 4 : inWindow <= 4, `${inWindow} loans`);
    assert.equal(counted(await crowd(8, lend({ window: 10 * shards, windowSince: 5_000 })), "no_credit") < 8, true, "before the window");
  });

  test(`s45 ${name}: credit is never above its limit, however many come at once`, async () => {
    const lend = (payer, limits, changes) =>
      store.write(key("00ab"), 0, "lent", undefined, facts({ payer, onCredit: true, limits: { payer: 50, all: 1e9, ...limits }, ...changes }));
    const answers = await crowd(60, () => lend("0x01"));
    assert.deepEqual([counted(answers, won), counted(answers, "no_credit")], [5, 55]);
    assert.ok(won(await lend("0x02")), "another payer has credit of their own");
    assert.equal(await lend("0x03", {}, { worth: 51 }), "no_credit");

    // A released claim, a settled check and a bounced one.
    const own = key("00ab");
    const limits = { payer: 10, all: 1e9 };
    const mine = (changes) => facts({ payer: "0x04", onCredit: true, ...changes });
    const lent = await store.write(own, 0, "lent", undefined, mine({ limits }));
    assert.equal(await store.write(own, 0, "lent", undefined, mine({ limits })), false, "the same record is no second loan");
    assert.equal(await lend("0x04", limits), "no_credit");
    assert.equal(await store.write(own, lent, undefined), lent);
    assert.ok(won(await lend("0x04", limits)), "released");
    const settled = key("00ab");
    const open = await store.write(settled, 0, "lent", undefined, facts({ payer: "0x05", onCredit: true, limits }));
    assert.ok(won(await store.write(settled, open, "settled", undefined, facts({ payer: "0x05", onCredit: true, state: "settled" }))));
    assert.ok(won(await lend("0x05", limits)), "settled");
    const bounced = facts({ payer: "0x06", onCredit: true, state: "failed", worth: 1 });
    assert.ok(won(await store.write(key("00ab"), 0, "failed", undefined, bounced)));
    assert.equal(await lend("0x06"), "no_credit", "bounced");
  });

  test(`${name}: every record is on one page, in the order of the keys, and counted once`, async () => {
    const mine = new Set(Array.from({ length: 25 }, () => key()));
    const before = (await store.tally()).filter(({ state }) => state === "failed").reduce((total, { worth }) => total + BigInt(worth), 0n);
    for (const own of mine) await store.write(own, 0, "paged", undefined, facts({ state: "unknown", worth: 7, since: 77 }));
    const seen = [];
    for (let page = await store.page("", 10); page.length > 0; page = await store.page(seen.at(-1).key, 10)) seen.push(...page);
    const keys = seen.map((row) => row.key);
    assert.deepEqual(keys, [...new Set(keys)].sort());
    assert.equal(seen.filter((row) => mine.has(row.key) && row.record === "paged" && won(row.version)).length, 25);
    const unknown = (await store.tally()).filter(({ state }) => state === "unknown");
    const sum = (member) => unknown.reduce((total, row) => total + Number(row[member]), 0);
    assert.deepEqual([sum("count"), sum("worth"), sum("credit"), Math.min(...unknown.map(({ since }) => since))], [25, 175, 0, 77]);
    const largest = Number.MAX_SAFE_INTEGER;
    for (const worth of [largest, largest, 1]) await store.write(key("00cd"), 0, "dear", undefined, facts({ state: "failed", worth }));
    const failed = (await store.tally()).filter(({ state }) => state === "failed");
    const exact = failed.reduce((total, { worth }) => total + BigInt(worth), 0n) - before;
    assert.equal(exact, 2n * BigInt(largest) + 1n, "exact, above what a number holds");
  });

  test(`s45 ${name}: a link is no payment: it is not counted, not lent, and due when it can be forgotten`, async () => {
    const link = key();
    const payer = `0x${link.slice(0, 40)}`;
    const lend = () => store.write(key("00ab"), 0, "lent", undefined, facts({ payer, onCredit: true, limits: { payer: 10, all: 1e9 } }));
    const counts = async () => (await store.tally()).reduce((sum, row) => sum + row.count, 0);
    const before = await counts();
    const crowded = await crowd(30, (place) => store.write(link, 0, `to ${place}`, 700));
    assert.deepEqual([counted(crowded, won), counted(crowded, false)], [1, 29], "one of all wins a name");
    const tied = crowded.find(won);
    assert.equal(await counts(), before, "not counted");
    assert.ok(won(await lend()), "and takes no credit");
    const moved = await store.write(link, tied, "to another", 800);
    assert.deepEqual({ ...(await store.read(link)) }, { record: "to another", version: moved });
    const isDue = async (now) => (await store.due(now, 10_000)).some((row) => row.key === link && row.version === moved);
    assert.deepEqual([await isDue(799), await isDue(800)], [false, true]);
    const pages = [];
    for (let page = await store.page("", 100); page.length > 0; page = await store.page(page.at(-1).key, 100)) pages.push(...page);
    assert.equal(pages.filter((row) => row.key === link).length, 1, "on its page, for whoever moves the ledger");
    assert.equal(await store.write(link, tied, undefined), false, "who saw it before removes nothing");
    assert.equal(await store.write(link, moved, undefined), moved);
    assert.equal(await isDue(1e9), false);
  });

  test(`s53 ${name}: what was answered is there after a power cut`, async (t) => {
    if (!world.restart) return t.skip("it forgets, and says so");
    const keys = Array.from({ length: 50 }, () => key());
    const written = await Promise.all(keys.map((own) => store.write(own, 0, `kept ${own}`, 9_000, facts())));
    assert.equal(counted(written, won), 50);
    await world.restart();
    for (const [place, own] of keys.entries()) {
      assert.deepEqual({ ...(await store.read(own)) }, { record: `kept ${own}`, version: written[place] });
    }
    const due = (await store.due(9_000, 10_000)).map((row) => row.key);
    assert.ok(keys.every((own) => due.includes(own)));
    assert.equal(await store.write(keys[0], 0, "again", undefined, facts()), false, "a restart forgets no claim");
  });
}

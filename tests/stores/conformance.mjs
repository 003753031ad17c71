// What every store of payments promises, asked of each of them in the same words.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import test, { after, before } from "node:test";

const key = (payer = randomBytes(2).toString("hex")) => payer + randomBytes(30).toString("hex");
const facts = (changes) => ({ state: "granted", payer: "0xaa", worth: 10, since: 1_000, onCredit: false, ...changes });
const crowd = (count, act) => Promise.all(Array.from({ length: count }, (_, place) => act(place)));
const counted = (answers, answer) => answers.filter((own) => own === answer).length;

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
    assert.equal(await store.write(own, 0, "one", undefined, facts()), true);
    assert.equal(await store.write(own, 0, "other", undefined, facts()), false);
    assert.deepEqual({ ...(await store.read(own)) }, { record: "one", version: 1 });
    assert.equal(await store.write(own, 1, "two", 5, facts()), true);
    assert.equal(await store.write(own, 1, "late", 5, facts()), false);
    assert.deepEqual({ ...(await store.read(own)) }, { record: "two", version: 2 });
    assert.equal(await store.write(own, 1, undefined), false);
    assert.equal(await store.write(own, 2, undefined), true);
    assert.equal((await store.read(own)) ?? undefined, undefined);
  });

  test(`s39 ${name}: of a hundred writers at once one wins, every time`, async () => {
    const keys = Array.from({ length: 20 }, () => key());
    await Promise.all(
      keys.map(async (own) => {
        const inserted = await crowd(50, (place) => store.write(own, 0, `insert ${place}`, undefined, facts()));
        assert.deepEqual([counted(inserted, true), counted(inserted, false)], [1, 49]);
        const replaced = await crowd(50, (place) => store.write(own, 1, `replace ${place}`, undefined, facts()));
        assert.deepEqual([counted(replaced, true), counted(replaced, false)], [1, 49]);
        assert.equal((await store.read(own)).version, 2);
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
    assert.equal(await store.write(first.key, first.version, "later", 2_000, facts()), true);
    assert.equal((await own(1_000, 1_000)).length, 11);
    assert.equal(await store.write(first.key, first.version + 1, "never", undefined, facts()), true);
    assert.equal((await own(1_000_000, 1_000)).length, 11);
    for (const { key: rest, version } of await own(1_000, 1_000)) assert.equal(await store.write(rest, version, undefined), true);
    assert.deepEqual(await own(1_000_000, 1_000), [], "what is removed is not due");
  });

  test(`s45 ${name}: credit in all and within a window is bounded too`, async () => {
    // In a store of several objects each lends its share, so the sum never gets above the limit.
    const lend = (limits) => (place) => {
      const own = facts({ payer: `0x1${place}`, onCredit: true, since: 5_000, limits: { payer: 1e9, all: 1e9, ...limits } });
      return store.write(key(), 0, "lent", undefined, own);
    };
    const inAll = counted(await crowd(40, lend({ all: 100 })), true);
    assert.ok(shards === 1 ? inAll === 10 : inAll * 10 <= 100, `${inAll} loans`);
    const inWindow = counted(await crowd(40, lend({ window: 40 + inAll * 10, windowSince: 4_999 })), true);
    assert.ok(shards === 1 ? inWindow === 4 : inWindow <= 4, `${inWindow} loans`);
    assert.equal(counted(await crowd(8, lend({ window: 10 * shards, windowSince: 5_000 })), "no_credit") < 8, true, "before the window");
  });

  test(`s45 ${name}: credit is never above its limit, however many come at once`, async () => {
    const lend = (payer, limits, changes) =>
      store.write(key("00ab"), 0, "lent", undefined, facts({ payer, onCredit: true, limits: { payer: 50, all: 1e9, ...limits }, ...changes }));
    const answers = await crowd(60, () => lend("0x01"));
    assert.deepEqual([counted(answers, true), counted(answers, "no_credit")], [5, 55]);
    assert.equal(await lend("0x02"), true, "another payer has credit of their own");
    assert.equal(await lend("0x03", {}, { worth: 51 }), "no_credit");

    // A released claim, a settled check and a bounced one.
    const own = key("00ab");
    const limits = { payer: 10, all: 1e9 };
    const mine = (changes) => facts({ payer: "0x04", onCredit: true, ...changes });
    assert.equal(await store.write(own, 0, "lent", undefined, mine({ limits })), true);
    assert.equal(await store.write(own, 0, "lent", undefined, mine({ limits })), false, "the same record is no second loan");
    assert.equal(await lend("0x04", limits), "no_credit");
    assert.equal(await store.write(own, 1, undefined), true);
    assert.equal(await lend("0x04", limits), true, "released");
    const settled = key("00ab");
    assert.equal(await store.write(settled, 0, "lent", undefined, facts({ payer: "0x05", onCredit: true, limits })), true);
    assert.equal(await store.write(settled, 1, "settled", undefined, facts({ payer: "0x05", onCredit: true, state: "settled" })), true);
    assert.equal(await lend("0x05", limits), true, "settled");
    const bounced = facts({ payer: "0x06", onCredit: true, state: "failed", worth: 1 });
    assert.equal(await store.write(key("00ab"), 0, "failed", undefined, bounced), true);
    assert.equal(await lend("0x06"), "no_credit", "bounced");
  });

  test(`${name}: every record is on one page, in the order of the keys, and counted once`, async () => {
    const mine = new Set(Array.from({ length: 25 }, () => key()));
    for (const own of mine) await store.write(own, 0, "paged", undefined, facts({ state: "unknown", worth: 7, since: 77 }));
    const seen = [];
    for (let page = await store.page("", 10); page.length > 0; page = await store.page(seen.at(-1).key, 10)) seen.push(...page);
    const keys = seen.map((row) => row.key);
    assert.deepEqual(keys, [...new Set(keys)].sort());
    assert.equal(seen.filter((row) => mine.has(row.key) && row.record === "paged" && row.version === 1).length, 25);
    const unknown = (await store.tally()).filter(({ state }) => state === "unknown");
    const sum = (member) => unknown.reduce((total, row) => total + row[member], 0);
    assert.deepEqual([sum("count"), sum("worth"), sum("credit"), Math.min(...unknown.map(({ since }) => since))], [25, 175, 0, 77]);
  });

  test(`s53 ${name}: what was answered is there after a power cut`, async (t) => {
    if (!world.restart) return t.skip("it forgets, and says so");
    const keys = Array.from({ length: 50 }, () => key());
    const written = await Promise.all(keys.map((own) => store.write(own, 0, `kept ${own}`, 9_000, facts())));
    assert.equal(counted(written, true), 50);
    await world.restart();
    for (const own of keys) assert.deepEqual({ ...(await store.read(own)) }, { record: `kept ${own}`, version: 1 });
    const due = (await store.due(9_000, 10_000)).map((row) => row.key);
    assert.ok(keys.every((own) => due.includes(own)));
    assert.equal(await store.write(keys[0], 0, "again", undefined, facts()), false, "a restart forgets no claim");
  });
}

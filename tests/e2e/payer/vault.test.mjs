// A key that outlives the page, sealed by the browser or by a passkey (S75, S76).
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import test, { after, before } from "node:test";
import { privateKeyToAccount } from "viem/accounts";
import { openHouse } from "./house.mjs";

let house;
before(async () => (house = await openHouse()));
after(() => house?.close());

/** A page of a new visitor. */
async function enter(t) {
  const visitor = await house.visitor();
  t.after(visitor.close);
  return visitor.page();
}

const AUTHENTICATOR = { protocol: "ctap2", ctap2Version: "ctap2_1", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };

/** Chromium's own virtual authenticator, in this page. */
async function passkeysIn(page, { hasPrf }) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", { options: { ...AUTHENTICATOR, hasPrf } });
  return {
    /** Whether its owner proves to be its owner. */
    verify: (isUserVerified) => devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }),
    /** Its owner holds out another key, on which the passkey is not; `takeAway` ends that. */
    async holdOutAnother() {
      const present = (enabled) => devtools.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled });
      await present(false);
      const other = await devtools.send("WebAuthn.addVirtualAuthenticator", { options: { ...AUTHENTICATOR, transport: "usb", hasPrf } });
      return async function takeAway() {
        await devtools.send("WebAuthn.removeVirtualAuthenticator", other);
        await present(true);
      };
    },
    remove: () => devtools.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId }),
    count: async () => (await devtools.send("WebAuthn.getCredentials", { authenticatorId })).credentials.length,
    signatures: async () => (await devtools.send("WebAuthn.getCredentials", { authenticatorId })).credentials[0].signCount,
  };
}

/** Opens the vault in this page, and buys with it. */
const buy = (page, url) =>
  page.evaluate(async (url) => {
    const vault = await kit.Vault.open();
    const wasLocked = vault.isLocked;
    const { payer } = await kit.open({ wallet: vault });
    return { wasLocked, address: payer.address, protection: vault.protection, outcome: await kit.outcome(payer.fetch(url)), spent: payer.spending().perDay.spent };
  }, url);

const fill = (page, options) =>
  page.evaluate(async (options) => {
    await kit.init();
    const vault = await kit.Vault.open();
    return vault.generate(options).then(({ address }) => address, ({ code }) => code);
  }, options);

test("s75 a sealed key pays, and pays after the page was closed", async (t) => {
  const page = await enter(t);
  const address = await fill(page);
  await house.fund(address);
  assert.deepEqual(await buy(page, house.film), { wasLocked: true, address, protection: "device", outcome: 200, spent: "0.01" });
  await page.reload();
  assert.deepEqual(await buy(page, house.premiere), { wasLocked: true, address, protection: "device", outcome: 200, spent: "0.05" });
  assert.deepEqual(await house.cashed(address, 2), [10_000, 50_000]);
  assert.equal(await fill(page), "vault_taken");
  assert.equal(await page.evaluate(async () => (await kit.Vault.open({ name: "another" })).address), undefined);
  await page.evaluate(async () => (await kit.Vault.open()).remove());
  assert.notEqual(await fill(page), address);
});

test("s75 nothing at rest is the key, and what seals it cannot be read out", async (t) => {
  const page = await enter(t);
  const key = [...randomBytes(32)];
  const kept = await page.evaluate(async (key) => {
    await kit.init();
    const given = Uint8Array.from(key);
    await (await kit.Vault.open()).import(given);
    const row = await kit.rowOf("wallet");
    const read = await crypto.subtle.exportKey("raw", row.key).then(() => "read", ({ name }) => name);
    return { members: Object.keys(row).sort(), read, box: [...new Uint8Array(row.box)], wiped: given.every((byte) => byte === 0), address: row.address };
  }, key);
  assert.deepEqual(kept.members, ["address", "box", "iv", "key"]);
  assert.equal(kept.read, "InvalidAccessError");
  assert.equal(kept.box.length, 48);
  assert.ok(!Buffer.from(kept.box).includes(Buffer.from(key).subarray(0, 4)));
  assert.ok(kept.wiped);
  assert.equal(kept.address, privateKeyToAccount(`0x${Buffer.from(key).toString("hex")}`).address);
});

test("s70 s76 a vault locks itself, and then no copy of the key is in wasm", async (t) => {
  const page = await enter(t);
  const seen = await page.evaluate(async ([film, key]) => {
    await kit.init();
    const vault = await kit.Vault.open({ lockAfter: 1 });
    const told = [];
    for (const type of ["lock", "unlock"]) vault.addEventListener(type, () => told.push(type));
    const locked = new Promise((resolve) => vault.addEventListener("lock", resolve, { once: true }));
    const wallet = await vault.import(Uint8Array.from(key));
    const open = kit.copiesOf(key);
    await locked;
    const after = kit.copiesOf(key);
    const { payer } = await kit.open({ wallet });
    return { open, after, isLocked: vault.isLocked, told, outcome: await kit.outcome(payer.fetch(film)) };
  }, [house.film, [...randomBytes(32)]]);
  assert.ok(seen.open > 0, "the scan finds a key that is there");
  assert.deepEqual([seen.after, seen.isLocked, seen.told], [0, true, ["unlock", "lock"]]);
  assert.equal(seen.outcome, "wallet_lost");
});

test("s76 leaving the page locks the vault", async (t) => {
  const page = await enter(t);
  const isLocked = await page.evaluate(async () => {
    await kit.init();
    const vault = await kit.Vault.open();
    await vault.generate();
    dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
    return vault.isLocked;
  });
  assert.ok(isLocked);
});

test("s75 a passkey opens the vault, for each visit anew", async (t) => {
  const page = await enter(t);
  const passkeys = await passkeysIn(page, { hasPrf: true });
  const address = await fill(page, { passkey: { rpName: "The tests", userName: "somebody" } });
  assert.match(address, /^0x/);
  assert.equal(await passkeys.count(), 1);
  await house.fund(address);
  const before = await passkeys.signatures();
  assert.deepEqual(await buy(page, house.film), { wasLocked: true, address, protection: "passkey", outcome: 200, spent: "0.01" });
  assert.equal(await passkeys.signatures(), before + 1);
  await page.reload();
  assert.equal((await buy(page, house.premiere)).outcome, 200);
  assert.equal(await passkeys.signatures(), before + 2);
  assert.deepEqual(await house.cashed(address, 2), [10_000, 50_000]);
});

test("s75 a hundred requests ask for the passkey once", async (t) => {
  const page = await enter(t);
  const passkeys = await passkeysIn(page, { hasPrf: true });
  await fill(page, { passkey: true });
  const before = await passkeys.signatures();
  await page.evaluate(async () => {
    const vault = await kit.Vault.open();
    await Promise.all(Array.from({ length: 100 }, () => vault.unlock()));
  });
  assert.equal(await passkeys.signatures(), before + 1);
});

test("s75 who is not the passkey's owner pays nothing", async (t) => {
  const page = await enter(t);
  const passkeys = await passkeysIn(page, { hasPrf: true });
  await fill(page, { passkey: true });
  await passkeys.verify(false);
  const { outcome, spent } = await buy(page, house.film);
  assert.deepEqual([outcome, spent], ["vault_refused", "0"]);
});

test("s75 after a no the passkey may be asked again, and the same payer pays", async (t) => {
  const page = await enter(t);
  const passkeys = await passkeysIn(page, { hasPrf: true });
  const address = await fill(page, { passkey: true });
  await house.fund(address);
  const attempt = () => page.evaluate(async (film) => {
    window.mine ??= { vault: await kit.Vault.open() };
    mine.payer ??= (await kit.open({ wallet: mine.vault })).payer;
    return { outcome: await kit.outcome(mine.payer.fetch(film)), isLocked: mine.vault.isLocked, spent: mine.payer.spending().perDay.spent };
  }, house.film);
  const takeAway = await passkeys.holdOutAnother();
  for (let no = 0; no < 2; no++) assert.deepEqual(await attempt(), { outcome: "vault_refused", isLocked: true, spent: "0" });
  await takeAway();
  assert.deepEqual(await attempt(), { outcome: 200, isLocked: false, spent: "0.01" });
  assert.deepEqual(await house.cashed(address, 1), [10_000]);
});

test("s75 a passkey that its owner does not make leaves the vault empty, to be filled after", async (t) => {
  const page = await enter(t);
  const passkeys = await passkeysIn(page, { hasPrf: true });
  await passkeys.verify(false);
  assert.equal(await fill(page, { passkey: true }), "vault_refused");
  // It asks for a finger no more after a wrong one; a new one does.
  await passkeys.remove();
  await passkeysIn(page, { hasPrf: true });
  assert.match(await fill(page, { passkey: true }), /^0x/);
});

test("s70 no copy of a key is in wasm once its wallet was destroyed, after it has paid", async (t) => {
  const page = await enter(t);
  const key = [...randomBytes(32)];
  await house.fund(privateKeyToAccount(`0x${Buffer.from(key).toString("hex")}`).address);
  const seen = await page.evaluate(async ([film, key]) => {
    await kit.init();
    const wallet = kit.LocalWallet.import(Uint8Array.from(key));
    const { payer } = await kit.open({ wallet });
    const outcome = await kit.outcome(payer.fetch(film));
    const held = kit.copiesOf(key);
    wallet.destroy();
    return { outcome, isHeld: held > 0, left: kit.copiesOf(key) };
  }, [house.film, key]);
  assert.deepEqual(seen, { outcome: 200, isHeld: true, left: 0 });
});

test("s75 without the PRF extension there is no vault, and it says so", async (t) => {
  const page = await enter(t);
  await passkeysIn(page, { hasPrf: false });
  assert.equal(await fill(page, { passkey: true }), "passkey_unsupported");
  assert.equal(await page.evaluate(async () => (await kit.Vault.open()).address), undefined);
});

test("s75 a vault that was changed does not open", async (t) => {
  for (const change of ["box", "iv", "address"]) {
    const page = await enter(t);
    await fill(page);
    await page.evaluate(async (member) => {
      await kit.rowOf("wallet", (row) => {
        if (member === "address") return { ...row, address: `0x${"11".repeat(20)}` };
        const bytes = new Uint8Array(row[member].slice());
        bytes[0] ^= 1;
        return { ...row, [member]: bytes };
      });
    }, change);
    const { outcome, spent } = await buy(page, house.film);
    assert.deepEqual([outcome, spent], ["vault_damaged", "0"], change);
  }
});

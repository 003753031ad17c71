// Other people at the same cinema: on a phone, with a wallet of their own, with nothing in the pocket, with bad intentions.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { MATINEE, openCinema } from "../interop/stage/cinema.mjs";
import { openBrowser, openPage, screenshot } from "./browser.mjs";
import { answerFor } from "./wallet.mjs";

const TRICKS = [
  ["Walk in without a ticket", "402", "Turned away"],
  ["Change one letter of the ticket", "402", "the seal of this ticket is not ours"],
  ["Matinee ticket to the premiere", "402", "for other doors"],
  ["Write a smaller amount on the check", "400", "the signature belongs to another amount"],
  ["Hand in the same check again", "200", "the same check gets the same ticket"],
  ["Overcharge a purse with two cents", "over_per_payment", "Nothing was signed"],
];

const PHONE = { width: 390, height: 844 };

let cinema;
let browser;

before(async () => {
  [cinema, browser] = await Promise.all([openCinema(), openBrowser()]);
});

after(async () => {
  await browser?.close();
  await cinema?.close();
});

describe("visitors", { concurrency: true }, () => {
  for (const colorScheme of ["dark", "light"]) {
    test(`a phone, ${colorScheme}: nothing is cut off, and the film plays`, async (t) => {
      const { page, complaints, close } = await openPage(browser, cinema.url, { ...PHONE, colorScheme });
      t.after(close);
      await screenshot(page, `phone-${colorScheme}-1-idle`, { fullPage: true });
      await page.locator("[data-film=cat]").click();
      await page.locator('#frame-ticket[data-state="done"]').waitFor();
      await screenshot(page, `phone-${colorScheme}-2-ticket`);
      await page.locator('#frame-cash[data-state="done"]').waitFor();
      await screenshot(page, `phone-${colorScheme}-3-cashed`);
      await page.locator("#frame-watch").click();
      await screenshot(page, `phone-${colorScheme}-4-wire`, { fullPage: true });
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), PHONE.width);
      assert.deepEqual(complaints, []);
    });
  }

  test("no width of window makes the page scroll sideways", async (t) => {
    const { page, complaints, close } = await openPage(browser, cinema.url);
    t.after(close);
    for (const width of [320, 390, 600, 768, 1024, 1280, 1920]) {
      await page.setViewportSize({ width, height: 800 });
      await screenshot(page, `width-${width}`);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    }
    assert.deepEqual(complaints, []);
  });

  test("a wallet of one's own signs once, over EIP-1193, and the film plays", async (t) => {
    const account = privateKeyToAccount(generatePrivateKey());
    await cinema.fund(account.address);
    const asked = [];
    const { page, complaints, close } = await openPage(browser, cinema.url, {
      colorScheme: "light",
      prepare: (page) => answerFor(page, account, asked),
    });
    t.after(close);
    await screenshot(page, "desktop-light-1-idle");
    await page.getByRole("button", { name: "Use my own wallet" }).click();
    await page.locator("#address", { hasText: account.address }).waitFor();
    await page.locator("[data-film=moon]").click();
    await page.locator('#frame-cash[data-state="done"]').waitFor();
    await screenshot(page, "desktop-light-2-own-wallet");
    await page.locator("#frame-sign").click();
    await screenshot(page, "desktop-light-3-wire", { fullPage: true });
    assert.deepEqual(asked.map(({ method }) => method), ["eth_requestAccounts", "eth_chainId", "eth_signTypedData_v4"]);
    assert.deepEqual((await cinema.transfersOf(account.address)).map(({ value }) => value), [MATINEE]);
    assert.deepEqual(complaints, []);
  });

  test("a wallet that refuses to sign is told so in words, and nothing was paid", async (t) => {
    const account = privateKeyToAccount(generatePrivateKey());
    const refusing = { ...account, signTypedData: () => Promise.reject(new Error("no")) };
    const { page, complaints, requests, close } = await openPage(browser, cinema.url, {
      prepare: (page) => answerFor(page, refusing, []),
    });
    t.after(close);
    await page.getByRole("button", { name: "Use my own wallet" }).click();
    await page.locator("#address", { hasText: account.address }).waitFor();
    await page.locator("[data-film=moon]").click();
    await page.locator('body[data-act="stopped"]').waitFor();
    await screenshot(page, "desktop-dark-8-refused-signature");
    assert.equal(await page.locator("#subline").textContent(), "The wallet's owner said no: nothing was signed.");
    assert.equal(await page.locator("#frame-sign").getAttribute("data-state"), "failed");
    assert.ok(!requests.includes("POST /token"));
    assert.deepEqual(complaints, []);
  });

  test("an empty pocket sees the film on credit; its check is cashed once there is money behind it", async (t) => {
    const { page, complaints, close } = await openPage(browser, cinema.url);
    t.after(close);
    await page.locator("#burner").click();
    await page.locator("#balance", { hasText: /^0\.00$/ }).waitFor();
    const payer = await page.locator("#address").textContent();
    await page.locator("[data-film=moon]").click();
    await page.locator('body[data-act="showing"]').waitFor();
    await page.locator('#frame-cash[data-state="now"]', { hasText: "on its way" }).waitFor();
    await screenshot(page, "desktop-dark-9-empty-pocket");
    assert.deepEqual(await cinema.transfersOf(payer), []);

    await page.locator("#fill").click();
    await page.locator('#frame-cash[data-state="done"]').waitFor();
    assert.deepEqual((await cinema.transfersOf(payer)).map(({ value }) => value), [MATINEE]);
    assert.deepEqual(complaints, []);
  });

  test("every way to sneak in is caught", async (t) => {
    const { page, complaints, close } = await openPage(browser, cinema.url);
    t.after(close);
    const payer = await page.locator("#address").textContent();
    await page.locator("[data-film=cat]").click();
    await page.locator('#frame-cash[data-state="done"]').waitFor();
    for (const [trick, outcome, verdict] of TRICKS) {
      await page.locator("#tricks button", { hasText: trick }).click();
      await page.locator(".caught-verdict", { hasText: verdict }).waitFor();
      assert.equal(await page.locator(".caught-verdict strong").textContent(), outcome);
    }
    await screenshot(page, "desktop-dark-10-mischief", { fullPage: true });
    assert.deepEqual((await cinema.transfersOf(payer)).map(({ value }) => value), [MATINEE]);
    assert.deepEqual(complaints, []);
  });
});

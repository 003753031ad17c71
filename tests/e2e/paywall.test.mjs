// A person opens the direct link to a film: the page that asks, the cookie that lets in, and nothing paid twice.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { build } from "vite";
import { MATINEE, openCinema } from "../interop/stage/cinema.mjs";
import { openBrowser, openPage, screenshot } from "./browser.mjs";
import { announceWallet } from "./wallet.mjs";

const WWW = fileURLToPath(new URL("../../www/", import.meta.url));
const PHONE = { width: 390, height: 844 };

let cinema;
let browser;

before(async () => {
  if (!existsSync(`${WWW}dist/index.html`)) await build({ root: WWW, logLevel: "warn" });
  [cinema, browser] = await Promise.all([openCinema(), openBrowser()]);
});

after(async () => {
  await browser?.close();
  await cinema?.close();
});

const open = (path, options) => openPage(browser, `${cinema.url}${path}`, { ready: "x402-paywall button", ...options });
const payButton = (page) => page.getByRole("button", { name: /^Pay / });
const seated = (page) => page.locator('body[data-act="showing"]').waitFor();

describe("the paywall", { concurrency: true }, () => {
  test("by keyboard, with a burner: asks once, and shows the film", async (t) => {
    const { page, complaints, requests, close } = await open("/films/moon");
    t.after(close);
    for (const said of ["0.01 USDC", "10 minutes", new URL(cinema.url).host, "base-sepolia"]) {
      await page.getByText(said, { exact: false }).first().waitFor();
    }
    await screenshot(page, "paywall-desktop-dark-1");
    requests.length = 0;
    await payButton(page).focus();
    await page.keyboard.press("Enter");
    await seated(page);
    await screenshot(page, "paywall-desktop-dark-2-inside");
    assert.deepEqual(
      requests.filter((request) => /films\/|token/.test(request)),
      ["POST /token", "POST /token/cookie", "GET /films/moon", "GET /films/moon"],
      "one payment, one exchange, the page, the reel",
    );

    // Nobody but the browser holds the ticket, and it goes nowhere else (S37).
    const [cookie] = await page.context().cookies();
    assert.deepEqual(
      [cookie.name, cookie.path, cookie.httpOnly, cookie.secure, cookie.sameSite],
      ["x402-matinee", "/films/", true, true, "Lax"],
    );
    assert.equal(await page.evaluate(() => document.cookie + (sessionStorage.getItem("x402-paywall") ?? "")), "");

    // A second film is free, the premiere is not.
    await page.goto(`${cinema.url}/films/cat`);
    await seated(page);
    await page.goto(`${cinema.url}/films/premiere`);
    await page.getByText("0.05 USDC").first().waitFor();
    assert.deepEqual(complaints, []);
  });

  for (const colorScheme of ["dark", "light"]) {
    test(`on a phone, ${colorScheme}`, async (t) => {
      const { page, complaints, close } = await open("/films/premiere", { ...PHONE, colorScheme });
      t.after(close);
      await screenshot(page, `paywall-phone-${colorScheme}-1`);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), PHONE.width);
      await payButton(page).click();
      await seated(page);
      assert.deepEqual(complaints, []);
    });
  }

  test("in German, light, with a wallet that announces itself: it signs once, for what the page says (S64)", async (t) => {
    const account = privateKeyToAccount(generatePrivateKey());
    await cinema.fund(account.address);
    const asked = [];
    const { page, complaints, close } = await open("/films/cat", {
      locale: "de-AT",
      colorScheme: "light",
      prepare: (page) => announceWallet(page, account, asked),
    });
    t.after(close);
    assert.equal(await page.evaluate(() => document.documentElement.lang), "de-AT");
    await page.getByText("10 Minuten").waitFor();
    await page.getByRole("radio", { name: "Test Wallet" }).check();
    await screenshot(page, "paywall-desktop-light-german");
    const payee = await page.locator("x402-paywall code").getAttribute("title");
    await page.getByRole("button", { name: "0.01 USDC zahlen" }).click();
    await seated(page);
    assert.deepEqual(asked.map(({ method }) => method), ["eth_requestAccounts", "eth_chainId", "eth_signTypedData_v4"]);
    const { message } = JSON.parse(asked[2].params[1]);
    assert.deepEqual([message.to, message.value], [payee, String(MATINEE)]);
    assert.deepEqual(complaints, []);
  });

  test("a wallet that refuses: said in words, nothing sent, and one may try again", async (t) => {
    const account = privateKeyToAccount(generatePrivateKey());
    const refusing = { ...account, signTypedData: () => Promise.reject(new Error("no")) };
    const { page, requests, close } = await open("/films/moon", { prepare: (page) => announceWallet(page, refusing, []) });
    t.after(close);
    await payButton(page).click();
    await page.getByRole("status").getByText("The wallet did not sign. Nothing was paid.").waitFor();
    await screenshot(page, "paywall-desktop-dark-3-refused");
    assert.ok(!requests.some((request) => request.startsWith("POST /token")));
    assert.equal(await payButton(page).getAttribute("aria-disabled"), "false");
  });

  test("s63_offline_in_the_middle_and_a_reload_pay_once", async (t) => {
    const account = privateKeyToAccount(generatePrivateKey());
    await cinema.fund(account.address);
    const asked = [];
    const { page, close } = await open("/films/moon", { prepare: (page) => announceWallet(page, account, asked) });
    t.after(close);
    // The office gets the payment, and its answer never arrives.
    await page.route("**/token?*", async (route) => {
      await route.fetch();
      await route.abort();
    });
    await payButton(page).click();
    await page.getByRole("status").getByText(/outcome|answer|paid/i).waitFor();
    await page.getByText("Paying…").waitFor({ state: "hidden" });
    await page.unroute("**/token?*");
    await page.reload();
    await payButton(page).click();
    await seated(page);
    assert.equal(asked.filter(({ method }) => method === "eth_signTypedData_v4").length, 1, "one signature");
    await page.waitForFunction(() => document.body.dataset.act === "showing");
    const transfers = await until(() => cinema.transfersOf(account.address), (found) => found.length > 0);
    assert.deepEqual(transfers.map(({ value }) => value), [MATINEE]);
  });
});

async function until(read, isGood) {
  for (;;) {
    const found = await read();
    if (isGood(found)) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

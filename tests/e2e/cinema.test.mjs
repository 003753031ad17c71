// A visit to the cinema as a person makes it: Chromium, the page, the gate in workerd, and a chain.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import test, { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { MATINEE, openCinema } from "../interop/stage/cinema.mjs";
import { openBrowser, openPage, screenshot } from "./browser.mjs";

const WWW = fileURLToPath(new URL("../../www/", import.meta.url));
const PREMIERE = 50_000n;
const LATE_SHOW = 20_000n;

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

test("from the first 402 to the cashed check", async (t) => {
  const { page, complaints, requests, close } = await openPage(browser, cinema.url);
  t.after(close);
  const payer = await page.locator("#address").textContent();
  await screenshot(page, "desktop-dark-1-idle");

  // By keyboard alone.
  requests.length = 0;
  await page.locator("[data-film=moon]").focus();
  await page.keyboard.press("Enter");
  await page.locator('#frame-ask[data-state="done"]').waitFor();
  await screenshot(page, "desktop-dark-2-refused");
  await page.locator('#frame-ticket[data-state="done"]').waitFor();
  await screenshot(page, "desktop-dark-3-ticket");
  await page.locator('body[data-act="showing"]').waitFor();
  await page.locator('#frame-cash[data-state="done"]').waitFor();
  assert.equal(await headline(page), "The check is cashed");
  await screenshot(page, "desktop-dark-4-cashed");
  assert.deepEqual(requests.filter(isOfTheVisit), ["GET /films/moon", "POST /token", "GET /films/moon"]);

  // The record in the ledger, and the transfer on the chain that it names.
  const jti = await page.locator(".stub").getAttribute("data-jti");
  const record = await cinema.settled(jti);
  assert.equal(record.transfer.value, "0.01");
  const bought = { to: cinema.chain.payee.address, value: MATINEE, transaction: record.transaction };
  assert.deepEqual(await cinema.transfersOf(payer), [bought]);

  // A second film on the same ticket: no signature, nothing paid.
  await posters(page);
  requests.length = 0;
  await page.locator("[data-film=cat]").click();
  await page.locator('#frame-watch[data-state="done"]').waitFor();
  assert.equal(await headline(page), "Same ticket, no signature");
  await screenshot(page, "desktop-dark-5-second-film");
  // The 402 names the ticket that opens this door, and the payer has it.
  assert.deepEqual(requests.filter(isOfTheVisit), ["GET /films/cat", "GET /films/cat"]);
  for (const step of ["sign", "ticket", "cash"]) assert.equal(await page.locator(`#frame-${step}`).getAttribute("data-state"), "skipped");
  assert.deepEqual(await cinema.transfersOf(payer), [bought]);

  // The premiere wants its own.
  await posters(page);
  await page.locator("[data-film=premiere]").click();
  await page.locator('#frame-cash[data-state="done"]').waitFor();
  await screenshot(page, "desktop-dark-6-premiere");
  assert.deepEqual((await cinema.transfersOf(payer)).map(({ value }) => value), [MATINEE, PREMIERE]);
  assert.equal(await page.locator("#budget-text").textContent(), "$0.06 of $1.00");
  await page.locator("#frame-ticket").click();
  await screenshot(page, "desktop-dark-7-wire", { fullPage: true });

  // So does the late show; and every check is in the history, to be taken along.
  await posters(page);
  await page.locator("[data-film=tide]").click();
  await page.locator("#history [data-state=settled]").nth(2).waitFor();
  const transfers = await cinema.transfersOf(payer);
  assert.deepEqual(transfers.map(({ value }) => value), [MATINEE, PREMIERE, LATE_SHOW]);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save as CSV" }).click()]);
  const [head, ...rows] = (await readFile(await download.path(), "utf8")).trim().split("\r\n");
  assert.equal(head, "at,origin,url,amount,symbol,asset,network,payTo,nonce,validBefore,state,transaction,ticket");
  assert.deepEqual(rows.map((row) => row.split(",")[3]), ['"0.01"', '"0.05"', '"0.02"']);
  assert.ok(rows.every((row) => row.includes(cinema.chain.payee.address) && row.includes('"honoured"')));

  // The next visit: key, budget, tickets and history are there together.
  await page.reload();
  await page.locator("#history [data-state=settled]").nth(2).waitFor();
  assert.equal(await page.locator("#address").textContent(), payer);
  assert.equal(await page.locator("#budget-text").textContent(), "$0.08 of $1.00");
  assert.equal(await page.locator(".stub").count(), 3);
  await posters(page);
  await page.locator("[data-film=moon]").click();
  await page.locator('#frame-watch[data-state="done"]').waitFor();
  assert.equal((await cinema.transfersOf(payer)).length, 3);
  assert.deepEqual(complaints, []);
});

async function headline(page) {
  return page.locator("#headline").textContent();
}

/** Waits until one may choose again. */
function posters(page) {
  return page.locator('#posters[data-busy="false"]').waitFor();
}

function isOfTheVisit(request) {
  return request === "POST /token" || request.startsWith("GET /films/");
}

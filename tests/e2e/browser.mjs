// A person's browser, with an ear for everything that a page complains about.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const SCREENSHOTS = fileURLToPath(new URL("../../target/screenshots/", import.meta.url));
/** The cinema is open when its posters can be chosen. */
const READY = '#posters[data-busy="false"]';
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"];

export async function openBrowser() {
  const executablePath = process.env.CHROME ?? "/usr/bin/chromium";
  assert.ok(existsSync(executablePath), `There is no browser at ${executablePath}: set CHROME to the path of a Chromium.`);
  await mkdir(SCREENSHOTS, { recursive: true });
  return chromium.launch({ executablePath, args: FLAGS });
}

/** A page of its own profile. `complaints` holds its errors, CSP violations included; `requests` what it asked for. */
export async function openPage(browser, url, { width = 1280, height = 800, colorScheme = "dark", locale = "en-GB", ready = READY, prepare } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const complaints = [];
  const requests = [];
  page.on("pageerror", (error) => complaints.push(`${error.name}: ${error.message}`));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !isRefusal(message)) complaints.push(`${message.text()} ${message.location().url}`.trim());
  });
  page.on("request", (request) => requests.push(`${request.method()} ${new URL(request.url()).pathname}`));
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
      console.error(`CSP: ${violatedDirective} ${blockedURI}`),
    );
  });
  await prepare?.(page);
  await page.goto(url);
  await page.locator(ready).waitFor();
  return { page, complaints, requests, close: () => context.close() };
}

export function screenshot(page, name, options) {
  return page.screenshot({ path: `${SCREENSHOTS}${name}.png`, ...options });
}

// Chromium reports every 4xx of a fetch as an error. A refusal at the gate or the office is what this page is about.
function isRefusal(message) {
  const isRefused = /the server responded with a status of 40[02] /.test(message.text());
  return isRefused && /^\/(films\/|token$)/.test(new URL(message.location().url).pathname);
}

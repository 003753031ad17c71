// For everybody: what axe finds against WCAG, on every page that asks for money, in light and dark, on a desk and on a phone;
// by keyboard alone; and still for who wants it still.
import axe from "axe-core";
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { openCinema } from "../interop/stage/cinema.mjs";
import { openBrowser, openPage } from "./browser.mjs";
import { openSite } from "./site.mjs";

const WWW = fileURLToPath(new URL("../../www/", import.meta.url));
const DEVICES = { "a desk": { width: 1280, height: 800 }, "a phone": { width: 390, height: 844 } };

let cinema;
let site;
let browser;

before(async () => {
  if (!existsSync(`${WWW}dist/index.html`)) await build({ root: WWW, logLevel: "warn" });
  [cinema, site, browser] = await Promise.all([openCinema(), openSite(), openBrowser()]);
});

after(async () => {
  await browser?.close();
  await site?.close();
  await cinema?.close();
});

/** All that axe holds against a page, best practices included. */
async function violations(page) {
  await page.evaluate(axe.source);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, any }) => `${id}: ${help}: ${target.flat().join(" ")} ${any[0]?.message ?? ""}`));
}

const WALL = { ready: "x402-paywall button" };

describe("axe finds nothing against", { concurrency: 2 }, () => {
  for (const [device, size] of Object.entries(DEVICES)) {
    for (const colorScheme of ["dark", "light"]) {
      const how = { ...size, colorScheme };
      const enter = async (t, url, options) => {
        const { page, close } = await openPage(browser, url, { ...how, ...options });
        t.after(close);
        return page;
      };

      test(`the paywall, ${colorScheme}, on ${device}`, async (t) => {
        const page = await enter(t, `${cinema.url}/films/moon`, WALL);
        assert.deepEqual(await violations(page), []);
        // A refusal has a colour and words of its own.
        await page.route("**/token?*", (route) => route.fulfill({ status: 400, body: '{"code":"nonce_already_used","message":"No."}' }));
        await page.getByRole("button", { name: /^Pay / }).click();
        await page.locator('x402-paywall .status[data-tone="bad"]').waitFor();
        assert.deepEqual(await violations(page), []);
      });

      test(`<x402-paywall> on a site of its own, ${colorScheme}, on ${device}`, async (t) => {
        const page = await enter(t, `${site.url}/elements`, { ready: "#page button" });
        assert.deepEqual(await violations(page), []);
        await page.locator("#picture").getByRole("button", { name: /^Pay / }).click();
        await page.locator("#picture img[src^=blob]").waitFor();
        await page.locator("#page iframe").waitFor();
        assert.deepEqual(await violations(page), []);
      });

      test(`the cinema, ${colorScheme}, on ${device}`, async (t) => {
        const page = await enter(t, cinema.url);
        await still(page);
        assert.deepEqual(await violations(page), [], "before anything happened");
        await page.locator("[data-film=moon]").click();
        await page.locator('#frame-cash[data-state="done"]').waitFor();
        await page.locator("#frame-ticket").click();
        await page.locator('#posters[data-busy="false"]').waitFor();
        assert.deepEqual(await violations(page), [], "after a film, with its bytes open");
      });
    }
  }
});

/** Colours are looked at where they come to rest. */
async function still(page) {
  await page.emulateMedia({ reducedMotion: "reduce" });
}

/** Collects all that starts to move from now on: transitions, animations and scripts' own, in shadow trees too. */
async function movements(page) {
  const devtools = await page.context().newCDPSession(page);
  const seen = [];
  devtools.on("Animation.animationStarted", ({ animation: { name, type, cssId, source } }) => seen.push(`${type} ${name || cssId} ${source?.duration} ms`));
  await devtools.send("Animation.enable");
  return seen;
}

// One page at a time: once a page heard of animations that only another one has.
describe("nothing moves for who wants it still", () => {
  for (const reducedMotion of ["reduce", "no-preference"]) {
    const isStill = reducedMotion === "reduce";
    const prepare = (page) => page.emulateMedia({ reducedMotion });

    test(`in the cinema, through a whole visit: ${reducedMotion}`, async (t) => {
      const { page, close } = await openPage(browser, cinema.url, { prepare });
      t.after(close);
      const seen = await movements(page);
      await page.locator("[data-film=cat]").click();
      await page.locator('#frame-cash[data-state="done"]').waitFor();
      if (isStill) assert.deepEqual(seen, []);
      else assert.ok(seen.length > 10, "the ear hears what moves");
    });

    test(`on the paywall, under the pointer: ${reducedMotion}`, async (t) => {
      const { page, close } = await openPage(browser, `${cinema.url}/films/moon`, { ...WALL, prepare });
      t.after(close);
      const seen = await movements(page);
      const pay = page.getByRole("button", { name: /^Pay / });
      await pay.hover();
      await pay.click();
      await page.locator('body[data-act="showing"]').waitFor();
      if (isStill) assert.deepEqual(seen, []);
      else assert.ok(seen.length > 0, "the ear hears what moves");
    });
  }
});

describe("by keyboard alone", { concurrency: true }, () => {
  /** Presses Tab until this has the focus, wherever it is; never through more stops than a page may have. */
  async function tabTo(page, isIt) {
    for (let stop = 0; stop < 60; stop++) {
      await page.keyboard.press("Tab");
      const focused = await page.evaluate(() => {
        let element = document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        const label = element.closest("label");
        const hasRing = [element, label].some((one) => one && getComputedStyle(one).outlineStyle !== "none");
        return { text: element.innerText || element.getAttribute("aria-label") || element.value, film: element.dataset?.film, hasRing, outlineStyle, outlineWidth };
      });
      if (isIt(focused)) return focused;
    }
    assert.fail("Tab does not get there");
  }

  test("a film is bought on the paywall", async (t) => {
    const { page, close } = await openPage(browser, `${cinema.url}/films/moon`, WALL);
    t.after(close);
    const { hasRing } = await tabTo(page, ({ text }) => /^Pay /.test(text ?? ""));
    assert.ok(hasRing, "one sees where one is");
    await page.keyboard.press("Enter");
    await page.locator('body[data-act="showing"]').waitFor();
  });

  test("and at the cinema's own till", async (t) => {
    const { page, close } = await openPage(browser, cinema.url);
    t.after(close);
    const { hasRing } = await tabTo(page, ({ film }) => film === "moon");
    assert.ok(hasRing, "one sees where one is");
    await page.keyboard.press("Enter");
    await page.locator('body[data-act="showing"]').waitFor();
  });
});

// A server that writes markup wherever the page shows its words.
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { openCinema } from "../interop/stage/cinema.mjs";
import { openBrowser, openPage } from "./browser.mjs";

const MARKUP = '<img src="x" onerror="window.robbed = true"><script>window.robbed = true</script>';

let cinema;
let browser;

before(async () => {
  [cinema, browser] = await Promise.all([openCinema(), openBrowser()]);
});

after(async () => {
  await browser?.close();
  await cinema?.close();
});

test("s67_server_text_is_shown_as_text_and_trusted_types_are_enforced", async (t) => {
  const { page, close, complaints } = await openPage(browser, cinema.url, { prepare: tellLies });
  t.after(close);
  assert.equal(await page.locator("[data-film=moon] .poster-title").textContent(), MARKUP);

  await page.locator("[data-film=moon]").click();
  await page.locator('body[data-act="stopped"]').waitFor();
  assert.ok((await page.locator("#subline").textContent()).includes(MARKUP), "the office's words are on the board");
  await page.locator("#frame-ask").click();
  assert.ok((await page.locator("#wire").textContent()).includes("window.robbed"), "the 402 is on the wire panel");

  assert.equal(await page.locator("img").count(), 0);
  assert.equal(await page.evaluate(() => window.robbed), undefined);
  assert.deepEqual(complaints, []);

  const attempt = (markup) => {
    try {
      document.body.innerHTML = markup;
      return "written";
    } catch (error) {
      return error.name;
    }
  };
  assert.equal(await page.evaluate(attempt, MARKUP), "TypeError");
});

async function tellLies(page) {
  await page.route("**/films", async (route) => {
    const response = await route.fetch();
    const films = await response.json();
    await route.fulfill({ response, json: films.map((film) => ({ ...film, title: MARKUP, tagline: MARKUP })) });
  });
  await page.route("**/films/moon", async (route) => {
    const response = await route.fetch();
    const headers = response.headers();
    const offer = JSON.parse(atob(headers["payment-required"]));
    offer.resource.description = MARKUP;
    headers["payment-required"] = btoa(JSON.stringify(offer));
    await route.fulfill({ response, headers, json: { ...(await response.json()), message: MARKUP } });
  });
  await page.route("**/token*", (route) => route.fulfill({ status: 400, json: { code: "no", message: MARKUP } }));
}

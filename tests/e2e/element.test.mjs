// <x402-paywall> on a site of its own: asks, pays once, shows a picture and a page that runs no script.
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { openBrowser, openPage, screenshot } from "./browser.mjs";
import { openSite } from "./site.mjs";

let site;
let browser;

before(async () => {
  [site, browser] = await Promise.all([openSite(), openBrowser()]);
});

after(async () => {
  await browser?.close();
  await site?.close();
});

for (const [device, size] of Object.entries({ desktop: {}, phone: { width: 390, height: 844 } })) {
  test(`two elements on a ${device}, under a strict policy`, async (t) => {
    const { page, complaints, requests, close } = await openPage(browser, `${site.url}/elements`, {
      ready: "#page button",
      colorScheme: device === "phone" ? "light" : "dark",
      ...size,
    });
    t.after(close);
    await screenshot(page, `element-${device}-1`, { fullPage: true });

    const picture = page.locator("#picture");
    await picture.getByRole("button", { name: "Pay 0.01 USDC" }).click();
    await picture.locator("img[src^=blob]").waitFor();
    // One ticket opens both: the second asks for nothing.
    await page.frameLocator("#page iframe").getByRole("heading", { name: "A page that was paid for" }).waitFor();
    await screenshot(page, `element-${device}-2`, { fullPage: true });
    assert.equal(requests.filter((request) => request === "POST /token").length, 1);
    assert.equal(await page.locator("#page iframe").getAttribute("sandbox"), "");
    assert.deepEqual(complaints.filter((complaint) => !/status of 402/.test(complaint)), []);
  });
}

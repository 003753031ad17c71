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

test("s64 of two offers, the payee and the price that are shown are those of the one that is chosen", async (t) => {
  const { page, close } = await openPage(browser, `${site.url}/elements`, { ready: "#page button" });
  t.after(close);
  const offer = (amount, payTo) => ({
    scheme: "exact",
    network: "eip155:84532",
    asset: "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
    amount,
    payTo,
    maxTimeoutSeconds: 60,
    extra: { name: "USDC", version: "2" },
  });
  const [first, second] = ["0x1111111111111111111111111111111111111111", "0x2222222222222222222222222222222222222222"];
  const challenge = { x402Version: 2, resource: { url: `${site.url}/two` }, accepts: [offer("10000", first), offer("20000", second)] };
  const headers = { "payment-required": Buffer.from(JSON.stringify(challenge)).toString("base64") };
  await page.route("**/two", (route) => route.fulfill({ status: 402, headers, body: "{}" }));
  await page.evaluate(() => {
    const element = document.createElement("x402-paywall");
    element.id = "two";
    element.setAttribute("src", "/two");
    element.setAttribute("burner", "");
    document.body.prepend(element);
  });
  const two = page.locator("#two");
  const shown = async () => [await two.locator(".price").innerText(), await two.locator("dd code").getAttribute("title")];
  await two.getByRole("button", { name: "Pay 0.01 USDC" }).waitFor();
  assert.deepEqual(await shown(), ["0.01 USDC", first]);
  await two.getByRole("radio", { name: /0\.02 USDC/ }).check();
  await two.getByRole("button", { name: "Pay 0.02 USDC" }).waitFor();
  assert.deepEqual(await shown(), ["0.02 USDC", second]);
});

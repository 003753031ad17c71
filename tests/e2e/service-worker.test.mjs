// A site behind a gate whose pages know nothing of payments: its service worker pays for what the browser asks for.
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { openBrowser, openPage, screenshot } from "./browser.mjs";
import { openSite, shootFilm } from "./site.mjs";

let site;
let browser;
let film;

before(async () => {
  browser = await openBrowser();
  film = await shootFilm(browser);
  site = await openSite(film);
});

after(async () => {
  await browser?.close();
  await site?.close();
});

test("a picture, a film in ranges, and a page: each price is paid once, what is too dear asks the person", async (t) => {
  assert.ok(film.length > 600_000, `a film of ${film.length} bytes comes in several ranges`);
  const { page, complaints, close } = await openPage(browser, site.url, { ready: 'body[data-worker="true"]' });
  t.after(close);

  const width = await page.evaluate(async () => {
    const image = Object.assign(document.createElement("img"), { src: "/pictures/1" });
    document.body.append(image);
    await image.decode();
    return image.naturalWidth;
  });
  assert.equal(width, 320);

  const shown = await page.evaluate(async () => {
    const video = Object.assign(document.createElement("video"), { src: "/films/1", muted: true });
    document.body.append(video);
    const happens = (name) => new Promise((resolve) => video.addEventListener(name, resolve, { once: true }));
    const ended = happens("ended");
    await video.play();
    await ended;
    return { width: video.videoWidth, time: video.currentTime, error: video.error };
  });
  assert.equal(shown.width, 640);
  assert.ok(shown.time > 1, `played to ${shown.time} s`);
  await screenshot(page, "service-worker-1-picture-and-film");

  // A page, by an ordinary link.
  await page.goto(`${site.url}/pages/1`);
  await page.getByRole("heading", { name: "A page that was paid for" }).waitFor();

  const seen = await site.seen();
  const ofFilm = seen.filter(({ path }) => path === "/films/1");
  assert.ok(ofFilm.length >= 3 && ofFilm.every(({ range }) => range?.startsWith("bytes=")), JSON.stringify(ofFilm));
  const payments = new Set(seen.map(({ jti }) => jti).filter(Boolean));
  assert.equal(payments.size, 2, "one for the pictures and the page, one for all the ranges of the film");

  // A worker that was ended comes back with its key and its tickets.
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("ServiceWorker.enable");
  await devtools.send("ServiceWorker.stopAllWorkers");
  await page.goto(`${site.url}/pages/2`);
  await page.getByRole("heading", { name: "A page that was paid for" }).waitFor();
  assert.equal(payments.size, new Set((await site.seen()).map(({ jti }) => jti).filter(Boolean)).size);

  // Above the budget nothing is signed: the browser gets the gate's own page.
  await page.goto(`${site.url}/vault/1`);
  await page.getByText("5 USDC").first().waitFor();
  await screenshot(page, "service-worker-2-too-dear");
  assert.deepEqual(complaints.filter((complaint) => !/was not paid for|status of 402/.test(complaint)), []);
});

// A fresh page for each payment, in Chromium, with an empty cache.
import { chromium } from "playwright-core";
import { firstRows } from "./rows.mjs";
import { openShop } from "./shop.mjs";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"];

const html = (place, key) => `<!doctype html><title>…</title><script type="module">
const key = Uint8Array.from("${key}".match(/../g), (digits) => parseInt(digits, 16));
try {
  const start = performance.now();
  const { pay } = await import("./${place}.js");
  const imported = performance.now();
  const text = await (await pay(new URL("/film", location).href, key)).text();
  document.title = JSON.stringify({ imported: imported - start, paid: performance.now() - start, text });
} catch (error) {
  document.title = JSON.stringify({ error: String(error.stack) });
}
</script>`;

export async function firstInPages(bundles, key, rounds) {
  const files = new Map();
  const entrants = bundles.map(({ name, isOurs, script, module, beside }, place) => {
    files.set(`${place}.html`, html(place, key)).set(`${place}.js`, script);
    // Where a bundle looks for its module: beside the folder of its scripts.
    if (module) files.set(`wasm/${beside}`, module);
    return { name, isOurs, place, times: [] };
  });
  const shop = await openShop(files);
  const browser = await chromium.launch({ executablePath: process.env.CHROME ?? "/usr/bin/chromium", args: FLAGS });
  try {
    for (let round = 0; round < rounds; round++) {
      for (const { name, place, times } of entrants) times.push(await visit(browser, `${shop.url}${place}.html`, name));
    }
  } finally {
    await browser.close();
    shop.close();
  }
  return {
    id: "page",
    title: "The first payment of a fresh page",
    work: `Chromium ${browser.version()}, empty cache, from before the import until the paid answer is read; the server is on the same machine.`,
    unit: "ms by the clock",
    aside: "of them for the import",
    rows: firstRows(entrants),
  };
}

async function visit(browser, url, name) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForFunction(() => document.title.startsWith("{"), undefined, { timeout: 60_000 });
  const told = JSON.parse(await page.title());
  await context.close();
  if (told.text !== "the film") throw new Error(`${name} in a page: ${told.error ?? told.text}`);
  return told;
}

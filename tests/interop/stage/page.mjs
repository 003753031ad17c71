// A page in Chromium, of another origin than everybody else, with clients in it as a bundler puts them there.
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { openBrowser } from "../../e2e/browser.mjs";

const ENTRY = fileURLToPath(new URL("page.entry.js", import.meta.url));
const PAGE = `<!doctype html><title>A page elsewhere</title><script src="/script.js"></script>`;

/** Calls a function of page.entry.js there. */
export const inPage = (name) => async (url, key, stage) => {
  const page = await stage.part(openPage);
  return page.evaluate(([name, url, key]) => window.clients[name](url, key), [name, url, key]);
};

async function openPage(stage) {
  const options = { entryPoints: [ENTRY], bundle: true, format: "iife", globalName: "clients", write: false, logLevel: "error" };
  const [{ outputFiles }, browser] = await Promise.all([build(options), openBrowser()]);
  stage.atTheEnd(() => browser.close());
  const [{ text: script }] = outputFiles;
  const server = createServer(({ url }, response) => {
    const isScript = url === "/script.js";
    response.setHeader("content-type", `text/${isScript ? "javascript" : "html"}; charset=utf-8`);
    response.end(isScript ? script : PAGE);
  });
  const page = await browser.newPage();
  await page.goto(await stage.listen(server));
  return page;
}

// A page with the package in it, on a site of its own; a gate in workerd; a chain.
import { createServer } from "node:http";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { openWorld } from "../../behaviour/world.mjs";
import { openBrowser } from "../browser.mjs";

const PAGE = `<!doctype html><title>A page that pays</title><script src="/script.js"></script>`;
// The package's own advice (S77): no script but the site's, and wasm.
const CSP = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src http:; require-trusted-types-for 'script'";
const TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
const MONEY = 1_000_000;

/** `entry` is the page's script. */
export async function openHouse(entry = "page.entry.js") {
  const options = { entryPoints: [fileURLToPath(new URL(entry, import.meta.url))], bundle: true, format: "iife", globalName: "kit", write: false, logLevel: "error" };
  const [{ outputFiles }, browser, world] = await Promise.all([build(options), openBrowser(), openWorld()]);
  const site = await listen(outputFiles[0].text);
  return {
    browser,
    world,
    film: `${world.gate.url}/films/moon`,
    premiere: `${world.gate.url}/films/premiere`,
    url: site.url,
    rpcUrl: world.chain.rpcUrl,
    /** A visitor with a profile of their own: pages of one visitor share what they store. */
    async visitor() {
      const context = await browser.newContext();
      context.setDefaultTimeout(60_000);
      return {
        context,
        async page() {
          const page = await context.newPage();
          await page.goto(site.url);
          return page;
        },
        close: () => context.close(),
      };
    },
    fund: (address) => world.chain.mint(address, MONEY),
    /** What this payer's checks came to on the chain, once there are so many of them. */
    async cashed(address, count) {
      const topics = [TRANSFER, `0x${address.slice(2).toLowerCase().padStart(64, "0")}`];
      const filter = { address: world.chain.usdc, fromBlock: "0x0", toBlock: "latest", topics };
      for (const end = Date.now() + 60_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) {
        const logs = await world.chain.rpc("eth_getLogs", filter);
        if (logs.length >= count) return logs.map(({ data }) => Number(data));
      }
      throw new Error(`${address} has not paid ${count} times`);
    },
    async close() {
      await browser.close();
      site.close();
      await world.close();
    },
  };
}

/** By name: a passkey belongs to a domain, and an address of numbers is none. */
async function listen(script) {
  const server = createServer(({ url }, response) => {
    const isScript = url === "/script.js";
    response.setHeader("content-type", `text/${isScript ? "javascript" : "html"}; charset=utf-8`);
    if (!isScript) response.setHeader("content-security-policy", CSP);
    response.end(isScript ? script : PAGE);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://localhost:${server.address().port}/`, close };
}

// A page built with Vite has the small build at once; the full one it asks for when a wallet of an extension is to pay.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import test, { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { openHouse } from "./house.mjs";

const TYPES = { ".html": "text/html", ".js": "text/javascript" };

let house, folder, server;

before(async () => {
  [house, folder] = await Promise.all([openHouse(), mkdtemp(join(tmpdir(), "x402-vite-"))]);
  const root = fileURLToPath(new URL("./vite/", import.meta.url));
  await build({ root, base: "./", configFile: false, logLevel: "error", build: { outDir: folder, emptyOutDir: true } });
  server = createServer(async ({ url }, response) => {
    const path = url === "/" ? "/index.html" : url;
    response.setHeader("content-type", TYPES[extname(path)] ?? "application/octet-stream");
    response.end(await readFile(join(folder, path)).catch(() => response.writeHead(404) && ""));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
});

after(async () => {
  server?.close();
  server?.closeAllConnections();
  await house?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

test("the full build is asked for once, and not before a wallet outside is to pay", async (t) => {
  const visitor = await house.visitor();
  t.after(visitor.close);
  const page = await visitor.context.newPage();
  const asked = [];
  page.on("request", (request) => {
    const { pathname, port } = new URL(request.url());
    if (port === String(server.address().port) && /\.(js|wasm)$/.test(pathname)) asked.push(pathname);
  });
  const key = generatePrivateKey();
  const { address } = privateKeyToAccount(key);
  await house.fund(address);
  await page.goto(`http://localhost:${server.address().port}/`);
  await page.waitForFunction(() => window.kit);
  const atOnce = asked.length;

  const networks = ["eip155:84532"];
  const own = await page.evaluate(async ([film, networks]) => {
    const payer = kit.createPayer({ wallet: kit.LocalWallet.generate(), networks });
    return (await payer.fetch(film)).status;
  }, [house.film, networks]);
  assert.deepEqual([own, asked.length], [200, atOnce]);

  const options = { key, rpcUrl: house.rpcUrl, knows: ["0x14a34"] };
  const outside = await page.evaluate(async ([film, networks, options]) => {
    kit.installWallet(options);
    const [found] = await new Promise((resolve) => kit.watchWallets(resolve));
    const wallet = await found.connect();
    window.payer = kit.createPayer({ wallet, networks });
    const before = payer.spending().perDay.spent;
    return [before, (await payer.fetch(film)).status, payer.spending().perDay.spent];
  }, [house.film, networks, options]);
  assert.deepEqual(outside, ["0", 200, "0.01"]);
  assert.equal(asked.length, atOnce + 1, `one script more: ${asked}`);
  assert.deepEqual(await house.cashed(address, 1), [10_000]);

  assert.equal(await page.evaluate(async (film) => (await payer.fetch(film)).status, house.premiere), 200);
  assert.equal(asked.length, atOnce + 1);
});

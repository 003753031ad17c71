// A page of another origin, with the stock x402 client in it, buys at our gate: what CORS is for.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import test, { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { MATINEE, openCinema } from "../interop/cinema.mjs";
import { openBrowser } from "./browser.mjs";

const PAGE = `
  import { ExactEvmScheme } from "@x402/evm/exact/client";
  import { decodePaymentResponseHeader, wrapFetchWithPayment, x402Client } from "@x402/fetch";
  import { privateKeyToAccount } from "viem/accounts";
  window.buy = async (url, key) => {
    const client = new x402Client().register("eip155:*", new ExactEvmScheme(privateKeyToAccount(key)));
    const response = await wrapFetchWithPayment(fetch, client)(url);
    const receipt = response.headers.get("payment-response");
    return { status: response.status, film: await response.json(), receipt: receipt && decodePaymentResponseHeader(receipt) };
  };
`;

let cinema;
let browser;
let elsewhere;

before(async () => {
  [cinema, browser, elsewhere] = await Promise.all([openCinema(), openBrowser(), openElsewhere()]);
});

after(async () => {
  await browser?.close();
  elsewhere?.close();
  await cinema?.close();
});

test("@x402/fetch in a page of another origin reads the price, pays, and reads the receipt", async () => {
  const key = generatePrivateKey();
  const { address } = privateKeyToAccount(key);
  await cinema.fund(address);
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${elsewhere.address().port}/`);
  const bought = await page.evaluate(([url, key]) => window.buy(url, key), [`${cinema.url}/films/moon`, key]);
  assert.equal(bought.status, 200);
  assert.equal(bought.film.id, "moon");
  const { transaction } = await cinema.settled(bought.receipt.extensions.ticket.id);
  assert.deepEqual(await cinema.transfersOf(address), [{ to: cinema.chain.payee.address, value: MATINEE, transaction }]);
});

async function openElsewhere() {
  const stdin = { contents: PAGE, resolveDir: fileURLToPath(new URL(".", import.meta.url)) };
  const { outputFiles } = await build({ stdin, bundle: true, format: "iife", write: false, logLevel: "error" });
  const [{ text }] = outputFiles;
  const server = createServer((_, response) => {
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(`<!doctype html><title>Elsewhere</title><script>${text.replaceAll("</script", "<\\/script")}</script>`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

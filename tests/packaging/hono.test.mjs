// x402-wasm/hono under real Hono: in Node and in workerd.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before, describe } from "node:test";
import { fileURLToPath } from "node:url";
import { createAdaptorServer } from "@hono/node-server";
import { createPayer, decodePaymentResponseHeader, LocalWallet } from "x402-wasm";
import { memory } from "x402-wasm/edge/memory";
import { startWorker } from "../../www/stage/workerd.mjs";
import { cinema } from "./hono.app.js";

const TICKET_SECRET = "a secret that only this test knows.";

describe("Hono in Node", () => {
  process.env.TICKET_SECRET = TICKET_SECRET;
  const server = createAdaptorServer({ fetch: cinema(() => memory()).fetch });

  showsFilms(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return `http://127.0.0.1:${server.address().port}`;
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });
});

describe("Hono in workerd", () => {
  let dataDir, worker;

  showsFilms(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "x402-hono-"));
    const entry = fileURLToPath(new URL("hono.worker.js", import.meta.url));
    worker = await startWorker({ entry, dataDir, bindings: { TICKET_SECRET }, silent: true });
    return worker.url;
  });
  after(async () => {
    await worker?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
});

function showsFilms(open) {
  let url;

  before(async () => {
    url = await open();
  });

  test("what is not behind the gate is free, what is asks for a payment", async () => {
    assert.equal(await (await fetch(url)).text(), "tonight's bill");
    const film = await fetch(`${url}/films/moon`);
    assert.deepEqual([film.status, (await film.json()).code], [402, "payment_required"]);
    assert.equal((await fetch(`${url}/films/moon`, { method: "OPTIONS" })).status, 204);
  });

  test("the office sells one ticket for both films, the handler finds it, and its own headers arrive", async () => {
    const { payer, told } = observedPayer();
    for (const film of ["moon", "tide"]) {
      const response = await payer.fetch(`${url}/films/${film}`);
      assert.deepEqual([response.status, response.headers.get("x-reel")], [200, "7"]);
      assert.deepEqual(await response.json(), { film, payer: payer.address });
      assert.match(response.headers.get("cache-control"), /private/, "no shared cache keeps what was paid for");
    }
    assert.deepEqual(told.filter((request) => request.startsWith("POST")), ["POST /token"]);
  });

  test("a payment on the resource gets a receipt, and a second time the same ticket", async () => {
    const payment = await paymentFor(`${url}/films/moon`);
    const [first, second] = [await fetch(payment.clone()), await fetch(payment)];
    assert.deepEqual([first.status, second.status], [200, 200]);
    const ticketOf = ({ headers }) => decodePaymentResponseHeader(headers.get("payment-response")).extensions.ticket.token;
    assert.equal(ticketOf(first), ticketOf(second));
  });

  test("what a handler fails to show is not charged: the same payment buys what works", async () => {
    const payment = await paymentFor(`${url}/broken/always`);
    const torn = await fetch(payment);
    assert.deepEqual([torn.status, await torn.text(), torn.headers.get("payment-response")], [500, "the projector broke", null]);
    const mended = await fetch(`${url}/broken/once`, { headers: payment.headers });
    assert.deepEqual([mended.status, await mended.text()], [200, "mended"]);
  });
}

function observedPayer() {
  const told = [];
  const observed = (input, init) => {
    const request = new Request(input, init);
    told.push(`${request.method} ${new URL(request.url).pathname}`);
    return fetch(request);
  };
  const payer = createPayer({ wallet: LocalWallet.generate(), networks: ["eip155:84532"], fetch: observed });
  return { payer, told };
}

/** A request that pays on the resource, signed and not sent: what a client without offices sends. */
async function paymentFor(url) {
  let payment;
  const fetchWithoutOffice = async (input, init) => {
    const request = new Request(input, init);
    if (request.headers.has("payment-signature")) {
      payment = request;
      return new Response();
    }
    const { headers } = await fetch(request);
    const challenge = JSON.parse(atob(headers.get("payment-required")));
    delete challenge.extensions;
    return new Response("{}", { status: 402, headers: { "payment-required": btoa(JSON.stringify(challenge)) } });
  };
  const payer = createPayer({ wallet: LocalWallet.generate(), networks: ["eip155:84532"], fetch: fetchWithoutOffice });
  await payer.fetch(url).catch(() => {});
  return payment;
}

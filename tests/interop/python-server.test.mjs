// Our payer comes back to the real Python server of x402-mock, installed from PyPI.
import assert from "node:assert/strict";
import test, { after } from "node:test";
import { createPayer, LocalWallet } from "x402-wasm";
import { NETWORK, PRICE } from "./gates/films.js";
import { serverOfX402Mock } from "./stage/servers.mjs";
import { Stage } from "./stage/stage.mjs";
import { onlyTransferOf } from "./stage/transfers.mjs";

const stage = new Stage();

after(() => stage.close());

test("our payer buys a film with one signature, comes back on the same token, and the server is paid once", async () => {
  const [{ url, payTo }, chain] = await Promise.all([stage.part(openServer), stage.chain()]);
  const wallet = LocalWallet.generate();
  await chain.mint(wallet.address, 1_000_000n);
  const told = [];
  const observed = (input, init) => {
    const request = new Request(input, init);
    told.push(`${request.method} ${new URL(request.url).pathname}`);
    return fetch(request);
  };
  const payer = createPayer({ wallet, budget: { perPayment: "0.01", perDay: "0.02" }, networks: [NETWORK], fetch: observed });

  for (let visit = 0; visit < 3; visit += 1) {
    const response = await payer.fetch(url);
    assert.equal(response.status, 200);
    assert.equal((await response.json()).film, "moon");
  }
  assert.deepEqual(told.filter((request) => request.startsWith("POST")), ["POST /token"]);
  assert.equal(payer.spending().perDay.spent, "0.01");
  const { to, value } = await onlyTransferOf(chain, wallet.address);
  assert.deepEqual([to, value], [payTo.toLowerCase(), PRICE]);
});

const openServer = serverOfX402Mock("servers/x402_mock.py");

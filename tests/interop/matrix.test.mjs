// The matrix of cells.mjs on the local chain: every cell a test, and docs/interop.md says what they found.
import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import test, { after, before } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import {
  CLIENTS,
  EXAMINED,
  FACILITATORS,
  GATES,
  GATES_SETTLED_BY_STOCK,
  OUR_PAYER,
  PAYERS,
  SAFETY,
  SERVERS,
  SERVERS_SETTLED_BY_US,
  SERVER_BY_PERMIT2,
  SERVER_WITH_EXTENSIONS,
  WAYS,
} from "./cells.mjs";
import { buy as buyWithFetch } from "./clients/fetch.mjs";
import { documentOf } from "./document.mjs";
import { PRICE } from "./gates/films.js";
import { OUR_PAYER_WITH_EXTENSIONS, STOCK_CLIENT_WITH_EXTENSIONS } from "./plays/extensions.mjs";
import { OUR_PAYER_BY_PERMIT2, STOCK_CLIENT_BY_PERMIT2, meteredThroughFacilitator } from "./plays/permit2.mjs";
import { stockFacilitator } from "./stage/facilitators.mjs";
import { runModule, runPython } from "./stage/python.mjs";
import { Stage } from "./stage/stage.mjs";
import { onlyTransferOf } from "./stage/transfers.mjs";

const COMMITTED = new URL("../../docs/interop.md", import.meta.url);
const FOUND = new URL("../../target/interop/interop.md", import.meta.url);

const stage = new Stage();
const ownStage = new Stage();
const found = new Map();
let safety;

before(() => {
  safety = checkSafety(ownStage);
  safety.catch(() => {});
});

after(() => Promise.all([stage.close(), ownStage.close()]));

/** A test whose answer is what the document says about it. */
function cell(name, { missing }, play) {
  test(name, { skip: missing }, async () => {
    found.set(name, await play());
  });
}

for (const client of CLIENTS) {
  for (const gate of GATES) {
    cell(`${client.id} buys at ${gate.id}`, client, async () => {
      const [url, visitor, chain] = await Promise.all([stage.part(gate.open), stage.visitor(), stage.chain()]);
      const { status, body, receipt } = await client.buy(`${url}/films/moon`, visitor, stage);
      const { atGate, network } = WAYS[client.dialect];
      assert.deepEqual([status, body.film, body.shown], [200, "moon", atGate]);
      if (network) assert.deepEqual([receipt.success, receipt.network, receipt.payer], [true, network, visitor.address]);

      const { to, value, transaction } = await onlyTransferOf(chain, visitor.address);
      assert.deepEqual([to, value], [chain.payee.address, PRICE]);
      if (body.jti) assert.equal((await settledRecordOf(url, body.jti)).transaction, transaction);
      return body.shown;
    });
  }
}

for (const payer of PAYERS) {
  for (const server of SERVERS) {
    cell(`${payer.id} buys at ${server.id}`, server, async () => {
      const [{ url, payTo }, visitor, chain] = await Promise.all([stage.part(server.open), stage.visitor(), stage.chain()]);
      const key = [...Buffer.from(visitor.key.slice(2), "hex")];
      const { status, body, ways, signed, spent } = await payer.buy(url, key, stage);
      assert.deepEqual([status, body.film], [200, "moon"]);
      assert.deepEqual(ways, WAYS[server.dialect].byPayer);
      assert.deepEqual([signed, spent], [1, "0.01"]);

      const { to, value } = await onlyTransferOf(chain, visitor.address);
      assert.deepEqual([to, value], [payTo.toLowerCase(), PRICE]);
      return ways;
    });
  }
}

for (const gate of GATES_SETTLED_BY_STOCK) {
  cell(`the stock facilitator settles for ${gate.id}`, gate, async () => {
    const [url, facilitator, visitor, chain] = await Promise.all([
      stage.part(gate.open),
      stage.part(stockFacilitator),
      stage.visitor(),
      stage.chain(),
    ]);
    const { status, body } = await buyWithFetch(`${url}/films/moon`, visitor.account);
    assert.deepEqual([status, body.film], [200, "moon"]);
    const { to, value, transaction } = await onlyTransferOf(chain, visitor.address);
    assert.deepEqual([to, value], [chain.payee.address, PRICE]);
    assert.equal(await senderOf(chain, transaction), facilitator.address.toLowerCase());
    assert.equal((await settledRecordOf(url, body.jti)).transaction, transaction);
    return "settled";
  });
}

for (const gate of GATES_SETTLED_BY_STOCK) {
  cell(`the stock facilitator settles upto for ${gate.id}`, gate, async () => {
    const [url, facilitator] = await Promise.all([stage.part(gate.open), stage.part(stockFacilitator)]);
    return meteredThroughFacilitator(stage, url, facilitator);
  });
}

for (const server of SERVERS_SETTLED_BY_US) {
  for (const { id, open } of FACILITATORS) {
    cell(`${id} settles for ${server.id}`, server, async () => {
      const [facilitator, { url, payTo }, visitor, chain] = await Promise.all([
        stage.part(open),
        stage.part(server.openWith(open)),
        stage.visitor(),
        stage.chain(),
      ]);
      let paid;
      const fourTimes = async (input, init) => {
        const request = new Request(input, init);
        if (!request.headers.has(WAYS[server.dialect].atGate)) return fetch(request);
        paid = request.clone();
        const answers = await Promise.all(Array.from({ length: 4 }, () => fetch(request.clone())));
        const served = answers.filter(({ status }) => status === 200);
        assert.equal(served.length, 1, "the same payment at four times bought another number of films");
        return served[0];
      };
      const { status, body, receipt } = await server.buy(url, visitor.account, fourTimes);
      assert.deepEqual([status, body.film], [200, "moon"]);
      const { to, value, transaction } = await onlyTransferOf(chain, visitor.address);
      assert.deepEqual([to, value], [payTo.toLowerCase(), PRICE]);
      assert.equal(await senderOf(chain, transaction), facilitator.address.toLowerCase());
      assert.deepEqual([receipt.success, receipt.transaction], [true, transaction]);
      // This server remembers nothing: that a payment buys once is its facilitator's affair.
      assert.equal((await fetch(paid)).status, 402, "the same payment bought a second film");
      return "settled";
    });
  }
}

for (const gate of GATES) {
  for (const { id, play } of [...STOCK_CLIENT_BY_PERMIT2, ...STOCK_CLIENT_WITH_EXTENSIONS]) {
    cell(`${id} at ${gate.id}`, gate, async () => play(stage, await stage.part(gate.open)));
  }
}

for (const [server, plays] of [
  [SERVER_BY_PERMIT2, OUR_PAYER_BY_PERMIT2],
  [SERVER_WITH_EXTENSIONS, OUR_PAYER_WITH_EXTENSIONS],
]) {
  for (const { id, play } of plays) {
    cell(`${OUR_PAYER.id}, ${id}`, OUR_PAYER, async () => play(stage, (await stage.part(server)).url));
  }
}

for (const examined of EXAMINED) {
  cell(`x402-conformance looks at ${examined.id}`, examined, async () => {
    const url = await examined.urlOf(stage);
    const { code, printed } = await runModule("x402conf", [examined.mode, url, "--fail-on-error"]);
    const [{ checks }] = JSON.parse(printed).results;
    assert.ok(checks.length > 0, printed);
    // Warnings count too: what we deviate from on purpose would be listed here.
    assert.deepEqual(checks.filter(({ pass }) => !pass), []);
    assert.equal(code, 0, printed);
    return checks.map(({ check }) => check);
  });
}

cell(`x402-conformance's safety checks at ${SAFETY.id}`, SAFETY, async () => {
  const checks = await safety;
  assert.ok(checks.length > 0);
  assert.deepEqual(checks.filter(({ pass }) => !pass), []);
  return checks.map(({ check }) => check);
});

test("docs/interop.md says what this run found", async () => {
  const document = await documentOf(found);
  await mkdir(new URL(".", FOUND), { recursive: true });
  await writeFile(FOUND, document);
  const committed = await readFile(COMMITTED, "utf8").catch(() => "");
  assert.equal(document, committed, "It says something else. If this run is right: cp target/interop/interop.md docs/interop.md");
});

async function checkSafety(stage) {
  const [{ url }, { key }, { payee, rpcUrl }] = await Promise.all([stage.part(SAFETY.open), stage.visitor(), stage.chain()]);
  return runPython("conformance/safety.py", [url, payee.address, rpcUrl], { EVM_PRIVATE_KEY: key });
}

/** Our ledger's word, once it is the last one. */
async function settledRecordOf(url, jti) {
  for (let waited = 0; waited < 20_000; waited += 100) {
    const record = await (await fetch(`${url}/payments/${jti}`)).json();
    if (record.state === "settled") return record;
    assert.notEqual(record.state, "failed");
    await pause(100);
  }
  assert.fail(`the payment ${jti} was not settled within 20 seconds`);
}

const senderOf = async ({ rpc }, transaction) => (await rpc("eth_getTransactionByHash", transaction)).from;

// The matrix of cells.mjs on the local chain: every cell a test, and docs/interop.md says what they found.
import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import test, { after } from "node:test";
import { CLIENTS, EXAMINED, GATES, PAYERS, SERVERS, SETTLEMENTS, WAYS } from "./cells.mjs";
import { documentOf } from "./document.mjs";
import { PRICE } from "./gates/films.js";
import { runModule } from "./stage/python.mjs";
import { Stage } from "./stage/stage.mjs";
import { onlyTransferOf } from "./stage/transfers.mjs";

const COMMITTED = new URL("../../docs/interop.md", import.meta.url);
const FOUND = new URL("../../target/interop/interop.md", import.meta.url);

const stage = new Stage();
const found = new Map();

after(() => stage.close());

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
      if (body.jti) assert.equal((await recordOf(url, body.jti)).transaction, transaction);
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

for (const settlement of SETTLEMENTS) cell(settlement.id, settlement, () => settlement.play(stage));

for (const examined of EXAMINED) {
  cell(`x402-conformance looks at ${examined.id}`, examined, async () => {
    const url = await examined.open(stage);
    const { code, printed } = await runModule("x402conf", [examined.mode, url, "--fail-on-error"]);
    const [{ checks }] = JSON.parse(printed).results;
    assert.ok(checks.length > 0, printed);
    // Warnings count too: what we deviate from on purpose would be listed here.
    assert.deepEqual(checks.filter(({ pass }) => !pass), []);
    assert.equal(code, 0, printed);
    return checks.map(({ check }) => check);
  });
}

test("docs/interop.md says what this run found", async () => {
  const document = await documentOf(found);
  await mkdir(new URL(".", FOUND), { recursive: true });
  await writeFile(FOUND, document);
  const committed = await readFile(COMMITTED, "utf8").catch(() => "");
  assert.equal(document, committed, "It says something else. If this run is right: cp target/interop/interop.md docs/interop.md");
});

async function recordOf(url, jti) {
  const response = await fetch(`${url}/payments/${jti}`);
  return response.json();
}

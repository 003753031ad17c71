// The real Python client of x402-mock, installed from PyPI, buys at our gate.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createInterface } from "node:readline";
import test, { after, before } from "node:test";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { MATINEE, openCinema } from "./stage/cinema.mjs";
import { SHORT_FORMS, signPermit } from "./clients/permit.mjs";
import { startPython } from "./stage/python.mjs";

const AT_LEAST = 12;
// Five of six signatures are of full length: that a hundred in a row are is not to be seen in this life.
const AT_MOST = 100;

let cinema;

before(async () => {
  cinema = await openCinema();
});

after(() => cinema?.close());

test("s52_the_python_client_buys_films_and_every_check_is_cashed_short_signatures_too", async (t) => {
  const key = generatePrivateKey();
  const { address } = privateKeyToAccount(key);
  await cinema.fund(address);

  const purchases = await purchasesOf(key);
  assert.ok(purchases.length >= AT_LEAST);
  assert.ok(purchases.some(({ short }) => short), "no signature of this run had a leading zero");
  for (const { status, body, answer } of purchases) {
    assert.equal(status, 200);
    assert.equal(body.id, "moon");
    assert.equal(answer.scope, "matinee");
  }
  t.diagnostic(`${purchases.length} purchases, ${purchases.filter(({ short }) => short).length} with a short r or s`);

  const records = await Promise.all(purchases.map(({ answer }) => cinema.settled(answer.jti)));
  const cashed = records.map(({ transaction }) => transaction).sort();
  const transfers = await cinema.transfersOf(address);
  assert.deepEqual(transfers.map(({ transaction }) => transaction).sort(), cashed);
  for (const { to, value } of transfers) assert.deepEqual([to, value], [cinema.chain.payee.address, MATINEE]);

  const [{ token }] = purchases;
  assert.match(token, /^[\w-]+\.[\w-]+$/, "this dialect's token has two parts");
  const premiere = await fetch(`${cinema.url}/films/premiere`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(premiere.status, 402, "a matinee's token opens nothing dearer");
});

for (const [name, isShort, write] of SHORT_FORMS) {
  test(`s52_${name}_is_padded_and_cashed`, async () => {
    const account = privateKeyToAccount(generatePrivateKey());
    await cinema.fund(account.address);
    const offer = { payTo: cinema.chain.payee.address, amount: MATINEE };
    const permit = await signPermit(account, offer, isShort);
    const response = await fetch(`${cinema.url}/token?scope=matinee`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ version: "Version 0.1", permit: { ...permit, signature: write(permit.signature) } }),
    });
    const answer = await response.json();
    assert.equal(response.status, 200, JSON.stringify(answer));
    const { transaction } = await cinema.settled(answer.jti);
    assert.deepEqual(await cinema.transfersOf(account.address), [{ to: offer.payTo, value: MATINEE, transaction }]);
  });
}

async function purchasesOf(key) {
  const args = [`${cinema.url}/films/moon`, cinema.chain.rpcUrl, AT_LEAST, AT_MOST];
  const buyer = startPython("clients/x402_mock.py", args, { EVM_PRIVATE_KEY: key });
  const ended = once(buyer, "exit");
  const purchases = [];
  for await (const line of createInterface({ input: buyer.stdout })) purchases.push(JSON.parse(line));
  const [code] = await ended;
  assert.equal(code, 0, "the Python client gave up; its last words are above");
  return purchases;
}

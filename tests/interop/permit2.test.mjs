// Permit2 at our gate, beside the cells of the matrix: routes in the words of the stock SDK, and the owner of our payer.
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { ExactEvmScheme as ExactClient } from "@x402/evm/exact/client";
import { decodePaymentResponseHeader, wrapFetchWithPayment, x402Client } from "@x402/fetch";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { createPayer, init, LocalWallet } from "x402-wasm";
import { openWorld } from "../behaviour/world.mjs";
import { transfersOf } from "./stage/transfers.mjs";

const NETWORK = "eip155:84532";

let world;

before(async () => {
  world = await openWorld();
  await init();
});

after(() => world?.close());

test("@x402/fetch pays our gate by Permit2 as the offer asks, in our words and in the SDK's", async () => {
  for (const path of ["/permit2", "/api/stock"]) {
    const account = await visitor();
    const response = await stockFetch(account)(world.gate.url + path);
    assert.equal(response.status, 200, await response.text());
    const receipt = decodePaymentResponseHeader(response.headers.get("payment-response"));
    assert.deepEqual([receipt.success, receipt.payer], [true, account.address]);
    await world.settled(receipt.extensions.ticket.id);
    assert.deepEqual(await valuesFrom(account.address), [10_000n]);
  }
});

test("our payer pays our gate by Permit2; the second film is on the ticket", async () => {
  const { payer, asked } = await ourPayer((needed) => allow(needed));
  for (let film = 0; film < 2; film += 1) assert.equal((await payer.fetch(`${world.gate.url}/permit2`)).status, 200);
  assert.equal(asked.length, 1);
  assert.deepEqual(await settledValuesFrom(payer.address), [10_000n]);
});

test("s65 without a yes, and without the option, nothing is signed", async () => {
  for (const answer of [() => false, () => undefined, () => Promise.reject(new Error("closed the window"))]) {
    const { payer } = await ourPayer(answer);
    await assert.rejects(payer.fetch(`${world.gate.url}/permit2`), { code: "allowance_refused" });
    assert.equal(payer.spending().perDay.spent, "0");
  }
  const wallet = LocalWallet.generate();
  const payer = createPayer({ wallet, networks: [NETWORK] });
  await assert.rejects(payer.fetch(`${world.gate.url}/permit2`), { code: "permit2_not_allowed" });
  assert.throws(() => createPayer({ wallet, networks: [NETWORK], permit2: true }), { code: "invalid_option" });
});

/** An account with a dollar that lets Permit2 take the price. */
async function visitor() {
  const account = privateKeyToAccount(generatePrivateKey());
  await world.chain.mint(account.address, 1_000_000);
  await world.chain.allowPermit2(account.address, 10_000);
  return account;
}

function stockFetch(account) {
  const client = new x402Client().register("eip155:*", new ExactClient(account));
  return wrapFetchWithPayment(fetch, client);
}

async function ourPayer(permit2) {
  const wallet = LocalWallet.generate();
  await world.chain.mint(wallet.address, 1_000_000);
  const asked = [];
  const ask = (needed) => {
    asked.push(needed);
    return permit2(needed);
  };
  return { payer: createPayer({ wallet, networks: [NETWORK], permit2: ask }), asked };
}

async function allow({ transaction }) {
  await world.chain.sendAs(transaction);
  return true;
}

const valuesFrom = async (payer) => (await transfersOf(world.chain, payer)).map(({ value }) => value);

async function settledValuesFrom(payer) {
  for (let waited = 0; waited < 15_000; waited += 100) {
    const values = await valuesFrom(payer);
    if (values.length > 0) return values;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail("no transfer within 15 seconds");
}

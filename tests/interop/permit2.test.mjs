// Permit2 with the stock SDK, both ways: its client at our gate, our payer at its server, for `exact` and for `upto`.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import test, { after, before } from "node:test";
import express from "express";
import { x402Facilitator } from "@x402/core/facilitator";
import { HTTPFacilitatorClient } from "@x402/core/server";
import { toFacilitatorEvmSigner } from "@x402/evm";
import { ExactEvmScheme as ExactClient } from "@x402/evm/exact/client";
import { ExactEvmScheme as ExactFacilitator } from "@x402/evm/exact/facilitator";
import { ExactEvmScheme as ExactServer } from "@x402/evm/exact/server";
import { UptoEvmScheme as UptoClient } from "@x402/evm/upto/client";
import { UptoEvmScheme as UptoFacilitator } from "@x402/evm/upto/facilitator";
import { UptoEvmScheme as UptoServer } from "@x402/evm/upto/server";
import { paymentMiddleware, setSettlementOverrides, x402ResourceServer } from "@x402/express";
import { decodePaymentResponseHeader, wrapFetchWithPayment, x402Client } from "@x402/fetch";
import { createWalletClient, http, publicActions } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { baseSepolia } from "viem/chains";
import { createPayer, init, LocalWallet } from "x402-wasm";
import { openWorld } from "../behaviour/world.mjs";
import { transfersOf } from "./stage/transfers.mjs";

const NETWORK = "eip155:84532";
// The faucet's key, as anvil prints it: the stock facilitator's account, apart from our relayer's.
const FACILITATOR_KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

let world;
const closers = [];

before(async () => {
  world = await openWorld();
  await init();
});

after(async () => {
  for (const close of closers) await close();
  await world?.close();
});

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

test("@x402/fetch pays our gate by upto, and what the handler charged moves", async () => {
  const account = await visitor();
  const response = await stockFetch(account)(`${world.gate.url}/search`, { headers: { "x-charge": "4200" } });
  assert.equal(response.status, 200, await response.text());
  const receipt = decodePaymentResponseHeader(response.headers.get("payment-response"));
  assert.deepEqual([receipt.success, receipt.amount], [true, "4200"]);
  assert.deepEqual(await settledValuesFrom(account.address), [4_200n]);
});

test("our payer pays @x402/express by Permit2, exact and upto, with its owner's yes for the exact amount", async () => {
  const url = await stockServer();
  for (const [path, values] of [["/exact", [10_000n]], ["/upto", [2_500n]]]) {
    const { payer, asked } = await ourPayer((needed) => allow(needed));
    const response = await payer.fetch(url + path);
    assert.equal(response.status, 200, await response.text());
    assert.deepEqual(asked.map(({ atomicAmount }) => atomicAmount), ["10000"]);
    assert.deepEqual(await settledValuesFrom(payer.address), values);
    assert.equal(await allowanceOf(payer.address), 10_000n - values[0]);
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
  const client = new x402Client().register("eip155:*", new ExactClient(account)).register("eip155:*", new UptoClient(account));
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

async function allowanceOf(owner) {
  const data = `0xdd62ed3e${word(owner)}${word("0x000000000022D473030F116dDEE9F6B43aC78BA3")}`;
  return BigInt(await world.chain.rpc("eth_call", { to: world.chain.usdc, data }, "latest"));
}

/** npm @x402/express with npm @x402/evm's facilitator behind it, for both schemes. */
async function stockServer() {
  const account = privateKeyToAccount(FACILITATOR_KEY);
  const transport = http(world.chain.rpcUrl);
  const wallet = createWalletClient({ account, chain: baseSepolia, transport, pollingInterval: 20 }).extend(publicActions);
  const signer = toFacilitatorEvmSigner({ ...wallet, address: account.address });
  const facilitator = new x402Facilitator()
    .register(NETWORK, new ExactFacilitator(signer))
    .register(NETWORK, new UptoFacilitator(signer));
  const desk = express().use(express.json());
  desk.get("/supported", (_request, response) => response.json(facilitator.getSupported()));
  for (const task of ["verify", "settle"]) {
    desk.post(`/${task}`, async ({ body }, response) => {
      response.json(await facilitator[task](body.paymentPayload, body.paymentRequirements));
    });
  }
  const server = new x402ResourceServer(new HTTPFacilitatorClient({ url: await listen(desk) }))
    .register(NETWORK, new ExactServer())
    .register(NETWORK, new UptoServer());
  const payTo = world.chain.payee.address;
  const offer = { price: "$0.01", network: NETWORK, payTo, extra: { assetTransferMethod: "permit2" } };
  const app = express();
  app.use(
    paymentMiddleware(
      { "GET /exact": { accepts: { ...offer, scheme: "exact" } }, "GET /upto": { accepts: { ...offer, scheme: "upto" } } },
      server,
    ),
  );
  app.get("/exact", (_request, response) => response.json({ film: "moon" }));
  app.get("/upto", (_request, response) => {
    setSettlementOverrides(response, { amount: "2500" });
    response.json({ film: "moon" });
  });
  return listen(app);
}

async function listen(app) {
  const server = createServer(app);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));
  return `http://127.0.0.1:${server.address().port}`;
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

const word = (value) => BigInt(value).toString(16).padStart(64, "0");

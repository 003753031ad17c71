// The stock x402 client, as its users install it, buys at our gate; what it got is a JWT that any library can check.
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { ExactEvmScheme } from "@x402/evm/exact/client";
import { decodePaymentResponseHeader, wrapFetchWithPayment, x402Client } from "@x402/fetch";
import { decodeProtectedHeader, jwtVerify } from "jose";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { MATINEE, NETWORK, openCinema } from "./stage/cinema.mjs";

let cinema;

before(async () => {
  cinema = await openCinema();
});

after(() => cinema?.close());

test("@x402/fetch buys a film, and its check is cashed by exactly one transfer of the price", async () => {
  const { account, pay } = await stockClient();
  const response = await pay(`${cinema.url}/films/moon`);
  assert.equal(response.status, 200);
  assert.equal((await response.json()).id, "moon");

  const receipt = receiptOf(response);
  assert.equal(receipt.success, true);
  assert.equal(receipt.network, NETWORK);
  assert.equal(receipt.payer, account.address);

  const record = await cinema.settled(receipt.extensions.ticket.id);
  assert.deepEqual(await cinema.transfersOf(account.address), [
    { to: cinema.chain.payee.address, value: MATINEE, transaction: record.transaction },
  ]);
});

test("@x402/fetch pays the premiere's own price", async () => {
  const { account, pay } = await stockClient();
  const response = await pay(`${cinema.url}/films/premiere`);
  assert.equal(response.status, 200);
  await cinema.settled(receiptOf(response).extensions.ticket.id);
  assert.deepEqual((await cinema.transfersOf(account.address)).map(({ value }) => value), [50_000n]);
});

test("@x402/fetch with an amount of its own gets no film, and nothing moves", async () => {
  const account = await fundedAccount();
  const stingy = new x402Client().register("eip155:*", new ExactEvmScheme(account));
  stingy.onBeforePaymentCreation(({ selectedRequirements }) => {
    selectedRequirements.amount = "9999";
  });
  const response = await wrapFetchWithPayment(fetch, stingy)(`${cinema.url}/films/moon`);
  assert.equal(response.status, 402);
  assert.equal((await response.json()).code, "no_matching_payment_requirements");
  assert.deepEqual(await cinema.transfersOf(account.address), []);
});

test("the ticket in the receipt verifies with jose, its claims are as documented, and it opens the next film", async () => {
  const { account, pay } = await stockClient();
  const { ticket } = receiptOf(await pay(`${cinema.url}/films/moon`)).extensions;

  assert.deepEqual(decodeProtectedHeader(ticket.token), { alg: "HS256", kid: "demo", typ: "JWT" });
  const secret = new TextEncoder().encode(cinema.ticketSecret);
  const expected = { issuer: cinema.url, audience: "matinee", algorithms: ["HS256"] };
  const { payload } = await jwtVerify(ticket.token, secret, expected);
  const { iat, ...claims } = payload;
  assert.deepEqual(claims, {
    iss: cinema.url,
    aud: "matinee",
    sub: `${NETWORK}:${account.address}`,
    exp: iat + 600,
    jti: ticket.id,
    x402: { network: NETWORK, asset: cinema.chain.usdc, amount: String(MATINEE) },
  });
  assert.equal(ticket.expiresAt, payload.exp);
  await assert.rejects(jwtVerify(ticket.token, new TextEncoder().encode("a secret of somebody else entirely"), expected));

  const next = await fetch(`${cinema.url}/films/cat`, { headers: { authorization: `Bearer ${ticket.token}` } });
  assert.equal(next.status, 200);
});

async function stockClient() {
  const account = await fundedAccount();
  const client = new x402Client().register("eip155:*", new ExactEvmScheme(account));
  return { account, pay: wrapFetchWithPayment(fetch, client) };
}

async function fundedAccount() {
  const account = privateKeyToAccount(generatePrivateKey());
  await cinema.fund(account.address);
  return account;
}

function receiptOf(response) {
  return decodePaymentResponseHeader(response.headers.get("payment-response"));
}

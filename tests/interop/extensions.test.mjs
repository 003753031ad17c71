// The stock client with the stock extensions, as their users set them up, at our gate.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import test, { after, before } from "node:test";
import { ExactEvmScheme } from "@x402/evm/exact/client";
import {
  PAYMENT_IDENTIFIER,
  appendPaymentIdentifierToExtensions,
  createSIWxClientExtension,
  decodeSignedOffers,
  extractOffersFromPaymentRequired,
  extractReceiptFromResponse,
  findAcceptsObjectFromSignedOffer,
  generatePaymentId,
  parseSIWxHeader,
  verifyOfferSignatureEIP712,
  verifyReceiptMatchesOffer,
  verifyReceiptSignatureEIP712,
  wrapFetchWithSIWx,
} from "@x402/extensions";
import { decodePaymentResponseHeader, wrapFetchWithPayment, x402Client, x402HTTPClient } from "@x402/fetch";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { openWorld } from "../behaviour/world.mjs";

let world;
const SIGNING_KEY = generatePrivateKey();
const signer = privateKeyToAccount(SIGNING_KEY).address;
const entry = fileURLToPath(new URL("../behaviour/extensions.js", import.meta.url));
before(async () => {
  world = await openWorld({ entry, bindings: { ORIGIN: "https://not.yet", SIGNING_KEY } });
  await world.gate.restart({ ORIGIN: world.gate.url, SIGNING_KEY });
});
after(() => world?.close());

const client = () => new x402Client().register("eip155:*", new ExactEvmScheme(world.payer));
const ticketOf = (response) => decodePaymentResponseHeader(response.headers.get("payment-response")).extensions.ticket;

test("payment-identifier: the stock helper names a payment, the same name again is the same film, and another payment a 409", async () => {
  const id = generatePaymentId();
  const named = client();
  named.onBeforePaymentCreation(async ({ paymentRequired }) => {
    assert.deepEqual(paymentRequired.extensions[PAYMENT_IDENTIFIER].info, { required: false });
    appendPaymentIdentifierToExtensions(paymentRequired.extensions, id);
  });
  const sent = [];
  const spied = (input, init) => {
    const request = new Request(input, init);
    sent.push(request.headers.get("payment-signature"));
    return fetch(request);
  };
  const pay = wrapFetchWithPayment(spied, named);
  const url = `${world.gate.url}/films/moon`;
  const first = await pay(url);
  assert.equal(first.status, 200);
  const again = await fetch(url, { headers: { "payment-signature": sent.at(-1) } });
  assert.deepEqual([again.status, ticketOf(again).token], [200, ticketOf(first).token]);
  const other = await pay(url);
  assert.deepEqual([other.status, (await other.json()).code], [409, "payment_identifier_conflict"]);
  await world.settled(ticketOf(first).id);
});

test("sign-in-with-x: the stock client pays once and comes back with its key", async () => {
  const before = (await world.transfers()).length;
  const http = new x402HTTPClient(client().registerExtension(createSIWxClientExtension({ signers: [world.payer] })));
  const sent = [];
  const spied = (input, init) => {
    const request = new Request(input, init);
    sent.push({ proof: request.headers.get("sign-in-with-x"), payment: request.headers.get("payment-signature") });
    return fetch(request);
  };
  const pay = wrapFetchWithPayment(spied, http);
  const url = `${world.gate.url}/premiere`;
  const bought = await pay(url);
  assert.equal(bought.status, 200);
  await world.settled(ticketOf(bought).id);
  sent.length = 0;
  const back = await pay(url);
  assert.equal(back.status, 200);
  assert.deepEqual(sent.map(({ payment }) => payment), sent.map(() => null), "no payment");
  assert.equal(parseSIWxHeader(sent.at(-1).proof).address, world.payer.address);
  assert.equal(ticketOf(back).token, ticketOf(bought).token);
  assert.equal((await world.transfers()).length, before + 1);
});

test("sign-in-with-x: the stock fetch that only signs in gets what was paid for", async () => {
  const response = await wrapFetchWithSIWx(fetch, world.payer)(`${world.gate.url}/premiere`);
  assert.equal(response.status, 200);
  assert.equal((await response.json()).film, "/premiere");
});

test("offer-receipt: the stock verifier takes our signed offers, and our signed receipt for one of them", async () => {
  const url = `${world.gate.url}/films/moon?seat=1`;
  const http = new x402HTTPClient(client());
  let seen;
  const pay = wrapFetchWithPayment(fetch, http);
  http.onPaymentRequired(({ paymentRequired }) => void (seen = paymentRequired));
  const served = await pay(url);
  assert.equal(served.status, 200);

  const offers = decodeSignedOffers(extractOffersFromPaymentRequired(seen));
  assert.equal(offers.length, seen.accepts.length);
  for (const offer of offers) {
    assert.equal((await verifyOfferSignatureEIP712(offer.signedOffer)).signer, signer);
    assert.equal(findAcceptsObjectFromSignedOffer(offer, seen.accepts), seen.accepts[offer.acceptIndex]);
    assert.equal(offer.resourceUrl, url);
    const left = offer.validUntil - Date.now() / 1000;
    assert.ok(left > 299 && left <= 361, `${left} seconds`);
  }
  const receipt = extractReceiptFromResponse(served);
  assert.equal((await verifyReceiptSignatureEIP712(receipt)).signer, signer);
  assert.ok(verifyReceiptMatchesOffer(receipt, offers[0], [world.payer.address]));
  assert.equal(receipt.payload.transaction, "");
  await world.settled(ticketOf(served).id);
});

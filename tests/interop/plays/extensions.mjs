// x402's extensions with the stock SDK, both ways: its client at our gate, our payer at its server.
import assert from "node:assert/strict";
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
import { createPayer, init, LocalWallet } from "x402-wasm";
import { NETWORK } from "../gates/films.js";
import { onlyTransferOf } from "../stage/transfers.mjs";

/** The stock client at our gate. */
export const STOCK_CLIENT_WITH_EXTENSIONS = [
  { id: "payment-identifier", play: namesItsPayment },
  { id: "sign-in-with-x", play: signsIn },
  { id: "offer-receipt", play: verifiesOurSignatures },
];

/** Our payer at the stock server. */
export const OUR_PAYER_WITH_EXTENSIONS = [
  { id: "payment-identifier", play: oursNamesItsPayment },
  { id: "sign-in-with-x", play: oursSignsIn },
  { id: "offer-receipt", play: oursVerifiesTheirSignatures },
  { id: "bazaar, which it does not know", play: oursEchoesWhatItDoesNotKnow },
];

const clientOf = (account) => new x402Client().register("eip155:*", new ExactEvmScheme(account));
const ticketOf = (response) => decodePaymentResponseHeader(response.headers.get("payment-response")).extensions.ticket;
const fromHeader = (header) => JSON.parse(Buffer.from(header, "base64"));

/** A fetch that keeps what it sent. */
function spied() {
  const sent = [];
  const send = (input, init) => {
    const request = new Request(input, init);
    sent.push(Object.fromEntries(request.headers));
    return fetch(request);
  };
  return { sent, send };
}

/** Its helper names a payment; the same name again is the same film, and another payment under it a conflict. */
async function namesItsPayment(stage, gate) {
  const [{ account, address }, chain] = await Promise.all([stage.visitor(), stage.chain()]);
  const [id, url] = [generatePaymentId(), `${gate}/films/moon`];
  const named = clientOf(account);
  named.onBeforePaymentCreation(async ({ paymentRequired }) => {
    assert.deepEqual(paymentRequired.extensions[PAYMENT_IDENTIFIER].info, { required: false });
    appendPaymentIdentifierToExtensions(paymentRequired.extensions, id);
  });
  const { sent, send } = spied();
  const pay = wrapFetchWithPayment(send, named);
  const first = await pay(url);
  assert.equal(first.status, 200);
  const again = await fetch(url, { headers: { "payment-signature": sent.at(-1)["payment-signature"] } });
  assert.deepEqual([again.status, ticketOf(again).token], [200, ticketOf(first).token]);
  const other = await pay(url);
  const { code } = await other.json();
  assert.deepEqual([other.status, code], [409, "payment_identifier_conflict"]);
  await onlyTransferOf(chain, address);
  return [id.slice(0, 4), `${other.status} ${code}`];
}

/** It pays once and comes back with its key; so does its fetch that can do nothing else. */
async function signsIn(stage, gate) {
  const [{ account, address }, chain] = await Promise.all([stage.visitor(), stage.chain()]);
  const http = new x402HTTPClient(clientOf(account).registerExtension(createSIWxClientExtension({ signers: [account] })));
  const { sent, send } = spied();
  const pay = wrapFetchWithPayment(send, http);
  const url = `${gate}/premiere`;
  const bought = await pay(url);
  assert.equal(bought.status, 200);
  await onlyTransferOf(chain, address);
  sent.length = 0;
  const back = await pay(url);
  assert.deepEqual([back.status, ticketOf(back).token], [200, ticketOf(bought).token]);
  assert.ok(sent.every((headers) => !("payment-signature" in headers)), "no payment");
  assert.equal(parseSIWxHeader(sent.at(-1)["sign-in-with-x"]).address, address);
  assert.equal((await wrapFetchWithSIWx(fetch, account)(url)).status, 200);
  await onlyTransferOf(chain, address);
  return ["payment-signature", "sign-in-with-x"];
}

/** Its verifier takes our signed offers, and our signed receipt for one of them. */
async function verifiesOurSignatures(stage, gate) {
  const { account, address } = await stage.visitor();
  const http = new x402HTTPClient(clientOf(account));
  const url = `${gate}/films/moon?seat=1`;
  let seen;
  http.onPaymentRequired(({ paymentRequired }) => void (seen = paymentRequired));
  const served = await wrapFetchWithPayment(fetch, http)(url);
  assert.equal(served.status, 200);
  const offers = decodeSignedOffers(extractOffersFromPaymentRequired(seen));
  assert.equal(offers.length, seen.accepts.length);
  const receipt = extractReceiptFromResponse(served);
  const { signer } = await verifyReceiptSignatureEIP712(receipt);
  for (const offer of offers) {
    assert.equal((await verifyOfferSignatureEIP712(offer.signedOffer)).signer, signer);
    assert.equal(findAcceptsObjectFromSignedOffer(offer, seen.accepts), seen.accepts[offer.acceptIndex]);
    assert.equal(offer.resourceUrl, url);
    const left = offer.validUntil - Date.now() / 1000;
    assert.ok(left > 299 && left <= 361, `${left} seconds`);
  }
  assert.ok(verifyReceiptMatchesOffer(receipt, offers[0], [address]));
  assert.equal(receipt.payload.transaction, "");
  return [offers[0].signedOffer.format, receipt.format];
}

/** Our payer in front of the stock server, with what it sent and what it told. */
async function oursAt(stage, url, options) {
  const { key } = await stage.visitor();
  await init();
  const wallet = LocalWallet.import(Uint8Array.from(Buffer.from(key.slice(2), "hex")));
  const { sent, send } = spied();
  const payer = createPayer({ wallet, networks: [NETWORK], fetch: send, ...options });
  const told = { payment: [], receipt: [] };
  for (const type of Object.keys(told)) payer.addEventListener(type, ({ detail }) => told[type].push(detail));
  const buy = async () => {
    const response = await payer.fetch(url);
    assert.deepEqual([response.status, (await response.clone().json()).film], [200, "moon"]);
    return response;
  };
  return { payer, sent, told, buy };
}

const ask = async (url, path) => (await fetch(new URL(path, url))).json();

async function oursNamesItsPayment(stage, url) {
  const { told, buy } = await oursAt(stage, url);
  await buy();
  const [{ nonce }] = told.payment;
  const [{ id }] = (await ask(url, "/seen")).filter((one) => one.nonce === nonce);
  assert.equal(id, `pay_${nonce.slice(2, 34)}`);
  return id.slice(0, 4);
}

/** This server sells no tickets: whoever paid shows its key each time. */
async function oursSignsIn(stage, url) {
  const { payer, sent, told, buy } = await oursAt(stage, url);
  await buy();
  sent.length = 0;
  await buy();
  assert.equal(told.payment.length, 1);
  assert.deepEqual(sent.map((headers) => ["payment-signature", "sign-in-with-x"].filter((name) => name in headers)), [[], ["sign-in-with-x"]]);
  await onlyTransferOf(await stage.chain(), payer.address);
  return ["payment-signature", "sign-in-with-x"];
}

async function oursVerifiesTheirSignatures(stage, url) {
  const { payer, told, buy } = await oursAt(stage, url, { offerReceipt: { required: true } });
  const served = await buy();
  const [receipt] = told.receipt;
  const signer = await ask(url, "/signer");
  assert.deepEqual([receipt.verified, receipt.signer, receipt.error], [true, signer, undefined]);
  assert.deepEqual(receipt.receipt, extractReceiptFromResponse(served), "as it came");
  assert.equal((await verifyOfferSignatureEIP712(receipt.offer)).signer, signer);
  assert.equal(receipt.receipt.payload.payer, payer.address);

  const strict = await oursAt(stage, url, { offerReceipt: { signers: { [new URL(url).origin]: [payer.address] } } });
  await assert.rejects(strict.payer.fetch(url), { code: "offer_signer_changed" });
  assert.equal(strict.payer.spending().perDay.spent, "0");
  return [receipt.offer.format, receipt.receipt.format];
}

/** The stock server compares what comes back with what it said. */
async function oursEchoesWhatItDoesNotKnow(stage, url) {
  const { sent, buy } = await oursAt(stage, url);
  const said = fromHeader((await fetch(url)).headers.get("payment-required")).extensions.bazaar;
  assert.ok(said.info && said.schema);
  await buy();
  const { extensions } = fromHeader(sent.at(-1)["payment-signature"]);
  assert.equal(JSON.stringify(extensions.bazaar), JSON.stringify(said), "to the last member, in its order");
  return "echoed";
}

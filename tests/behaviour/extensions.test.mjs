// x402's extensions at a gate in workerd: a name is good for one payment, and a key is good for a lost ticket.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import test, { after, before } from "node:test";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { createSiweMessage } from "viem/siwe";
import { createPayer } from "x402-wasm";
import { fromHeader, openWorld, ticketOf, toHeader } from "./world.mjs";

const ORIGIN = "https://cinema.example";
const SIGNING_KEY = generatePrivateKey();
const CROWD = 100;

let world;
before(async () => {
  const bindings = { ORIGIN, SIGNING_KEY };
  world = await openWorld({ entry: fileURLToPath(new URL("extensions.js", import.meta.url)), bindings });
});
after(() => world?.close());

const crowd = (knock) => Promise.all(Array.from({ length: CROWD }, (_, place) => knock(place)));
const name = () => `pay_${randomBytes(16).toString("hex")}`;
const named = (payment, id) => ({ ...payment, extensions: { "payment-identifier": { info: { required: false, id } } } });
const codeOf = async (response) => [response.status, (await response.json()).code];

test("a hundred payments of one name at once: one is accepted, and moves its money once", async () => {
  const before = (await world.transfers()).length;
  const id = name();
  const payments = [];
  for (let place = 0; place < CROWD; place += 1) payments.push(named(await world.pay("/films/moon"), id));
  const answers = await crowd(async (place) => {
    const response = await world.buy("matinee", payments[place]);
    return { status: response.status, body: await response.json() };
  });
  const bought = answers.filter(({ status }) => status === 200);
  assert.equal(bought.length, 1);
  for (const { status, body } of answers.filter((answer) => answer !== bought[0])) {
    assert.deepEqual([status, body.code], [409, "payment_identifier_conflict"]);
  }
  const winner = payments[answers.indexOf(bought[0])];
  const again = await crowd(async () => (await (await world.buy("matinee", winner)).json()).access_token);
  assert.deepEqual([...new Set(again)], [bought[0].body.access_token], "the same payment, the same answer");
  await world.settled(bought[0].body.jti);
  assert.equal((await world.transfers()).length, before + 1);

  await world.gate.kill();
  await world.gate.restart();
  assert.deepEqual(await codeOf(await world.payOn("/films/moon", named(await world.pay("/films/moon"), id))), [409, "payment_identifier_conflict"]);
});

test("a name is 16 to 128 letters, digits, - and _, and an echo that was changed is refused", async () => {
  const payment = await world.pay("/films/moon");
  for (const id of ["short", "a".repeat(129), "pay_0123456789 abcdef", 7]) {
    assert.deepEqual(await codeOf(await world.payOn("/films/moon", named(payment, id))), [400, "invalid_payment_identifier"], String(id));
  }
  const changed = { ...payment, extensions: { "payment-identifier": { info: { required: true, id: name() } } } };
  assert.deepEqual(await codeOf(await world.payOn("/films/moon", changed)), [402, "extension_echo_mismatch"]);
});

async function invitation(path) {
  const { info, supportedChains } = fromHeader((await world.fetch(path)).headers.get("payment-required")).extensions["sign-in-with-x"];
  return { ...info, ...supportedChains[0] };
}

/** What viem, not this project, makes of the invitation. */
async function proof(path, account, changes = {}) {
  const { type, ...info } = { ...(await invitation(path)), ...changes };
  const { chainId, issuedAt, ...rest } = info;
  const text = createSiweMessage({ ...rest, address: account.address, chainId: Number(chainId.split(":")[1]), issuedAt: new Date(issuedAt) });
  return toHeader({ ...info, type, address: account.address, signature: await account.signMessage({ message: text }) });
}

const signIn = (path, header) => world.fetch(path, { headers: { "sign-in-with-x": header } });

test("s41 a payer that lost its ticket has it back for a signature, once for each proof, and nothing moves", async () => {
  const sold = await (await world.buy("matinee", await world.pay("/films/moon"))).json();
  await world.settled(sold.jti);
  const before = (await world.transfers()).length;
  const header = await proof("/films/other", world.payer);
  const statuses = await crowd(async () => (await signIn("/films/other", header)).status);
  assert.deepEqual([statuses.filter((status) => status === 200).length, statuses.filter((status) => status === 402).length], [1, CROWD - 1]);
  const welcome = await signIn("/films/other", await proof("/films/other", world.payer));
  assert.equal(welcome.status, 200);
  assert.equal(ticketOf(welcome).token, sold.access_token);
  assert.match(welcome.headers.get("cache-control"), /private/);
  assert.equal((await world.transfers()).length, before);
});

test("s35 it opens what was paid for, for whoever paid, at this origin, and soon", async () => {
  const stranger = privateKeyToAccount(generatePrivateKey());
  const long = new Date(Date.now() - 301_000).toISOString();
  for (const [path, header, code] of [
    ["/premiere", await proof("/premiere", world.payer), "sign_in_without_payment"],
    ["/films/moon", await proof("/films/moon", stranger), "sign_in_without_payment"],
    ["/films/moon", await proof("/films/moon", world.payer, { domain: "evil.example" }), "invalid_siwx_domain_mismatch"],
    ["/films/moon", await proof("/films/moon", world.payer, { uri: "https://evil.example/" }), "invalid_siwx_uri_mismatch"],
    ["/films/moon", await proof("/films/moon", world.payer, { issuedAt: long }), "invalid_siwx_issued_at_too_old"],
    ["/films/moon", "!", "invalid_siwx_malformed_signature"],
  ]) {
    const response = await signIn(path, header);
    assert.ok(response.headers.get("payment-required"), "and the way to pay");
    assert.deepEqual(await codeOf(response), [402, code]);
  }
});

test("invitations differ, name the operator's origin whatever the host of the request, and a preflight allows the header", async () => {
  const invitations = await crowd(() => invitation("/films/moon?seat=1"));
  assert.equal(new Set(invitations.map(({ nonce }) => nonce)).size, CROWD);
  for (const { domain, uri, statement } of invitations) {
    assert.deepEqual([domain, uri, statement], ["cinema.example", `${ORIGIN}/films/moon`, "Welcome back."]);
  }
  const preflight = await world.fetch("/films/moon", { method: "OPTIONS" });
  assert.match(preflight.headers.get("access-control-allow-headers"), /SIGN-IN-WITH-X/);
});

test("s41 a signed receipt is the same bytes whenever its payment comes again, after a restart too", async () => {
  const payment = await world.pay("/films/moon");
  const signed = (response) => fromHeader(response.headers.get("payment-response")).extensions["offer-receipt"].info.receipt;
  const first = signed(await world.payOn("/films/moon?seat=1", payment));
  assert.equal(first.payload.resourceUrl, `${ORIGIN}/films/moon?seat=1`);
  await world.gate.kill();
  await world.gate.restart();
  assert.deepEqual(signed(await world.payOn("/films/moon?seat=1", payment)), first);
});

test("our payer names its payments, and signs in with a wallet outside where its ticket is lost", async () => {
  await world.gate.restart({ ORIGIN: world.gate.url });
  const sent = [];
  const spied = (input, init) => {
    sent.push({ url: String(input.url ?? input), headers: new Headers(init?.headers), body: init?.body });
    return fetch(input, init);
  };
  const paying = (options) => createPayer({ wallet: world.payer, networks: ["eip155:84532"], fetch: spied, ...options });
  let saved;
  const store = { load: () => saved, save: (text) => void (saved = text) };
  const film = `${world.gate.url}/films/moon`;
  assert.equal((await paying({ store }).fetch(film)).status, 200);
  const [{ nonce, id }] = sent.filter(({ body }) => body).map(({ body }) => {
    const { payload, extensions } = JSON.parse(body);
    return { nonce: payload.authorization.nonce, id: extensions["payment-identifier"].info.id };
  });
  assert.equal(id, `pay_${nonce.slice(2, 34)}`);

  saved = JSON.stringify({ ...JSON.parse(saved), tickets: [], pending: [] });
  const payments = [];
  const back = paying({ store });
  back.addEventListener("payment", () => payments.push(1));
  sent.length = 0;
  assert.equal((await back.fetch(film)).status, 200);
  assert.equal(payments.length, 0);
  assert.deepEqual(sent.map(({ headers }) => headers.has("sign-in-with-x")), [false, true]);
  assert.equal(back.tickets().length, 1, "the ticket is back");
});

test("our payer takes our gate's signed offer and keeps the receipt, which names the film although the office sold the ticket", async () => {
  const signer = privateKeyToAccount(SIGNING_KEY).address;
  const receipts = [];
  const offerReceipt = { required: true, signers: { [world.gate.url]: [signer] } };
  const payer = createPayer({ wallet: privateKeyToAccount(generatePrivateKey()), networks: ["eip155:84532"], offerReceipt });
  await world.chain.mint(payer.address, 1_000_000);
  payer.addEventListener("receipt", ({ detail }) => receipts.push(detail));
  const film = `${world.gate.url}/films/moon?seat=2`;
  assert.equal((await payer.fetch(film)).status, 200);
  const [{ verified, receipt, offer, ...told }] = receipts;
  assert.deepEqual([verified, told.signer, receipt.payload.resourceUrl], [true, signer, film]);
  assert.equal(offer.payload.amount, "10000");
});

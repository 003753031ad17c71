// Clients of x402 v1 at the gate, and our payer at the gate as if it spoke v1 alone. In real workerd, on a real chain.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import test, { after, before } from "node:test";
import { LocalWallet, createPayer } from "x402-wasm";
import { fromHeader, openWorld, toHeader } from "./world.mjs";

let world;
before(async () => (world = await openWorld()));
after(() => world?.close());

const NETWORK = "base-sepolia";

/** The same payment as v1 writes it. */
const asV1 = ({ payload }) => ({ x402Version: 1, scheme: "exact", network: NETWORK, payload });
const payOn = (path, payment, init) =>
  world.fetch(path, { ...init, headers: { ...init?.headers, "x-payment": toHeader(asV1(payment)) } });
const receiptOf = (response) => fromHeader(response.headers.get("x-payment-response"));

test("a 402 is a v1 challenge whose members the v1 packages demand, none of them null", async () => {
  const response = await world.fetch("/films/moon");
  const { x402Version, error, accepts, ...rest } = await response.json();
  assert.deepEqual([x402Version, error], [1, "X-PAYMENT header is required"]);
  const [newer] = fromHeader(response.headers.get("payment-required")).accepts;
  const { scheme, payTo, maxTimeoutSeconds, asset, extra } = newer;
  const resource = `${world.gate.url}/films/moon`;
  const shared = { scheme, payTo, maxTimeoutSeconds, asset, extra };
  const older = { network: NETWORK, maxAmountRequired: newer.amount, resource, description: "", mimeType: "" };
  assert.deepEqual(accepts, [{ ...shared, ...older }]);
  assert.equal(rest.access_token_endpoint, "/token?scope=matinee", "and it is x402-mock's too");
});

test("X-PAYMENT is served, receipted in v1's header and names, and cashed", async () => {
  const response = await payOn("/films/moon", await world.pay("/films/moon"));
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("payment-response"), null);
  assert.match(response.headers.get("cache-control"), /private/);
  const { success, transaction, network, payer, extensions } = receiptOf(response);
  assert.deepEqual([success, transaction, network], [true, "", NETWORK]);
  assert.equal(payer.toLowerCase(), world.payer.address.toLowerCase());
  assert.equal((await world.withTicket("/films/tide", extensions.ticket.token)).status, 200);
  await world.settled(extensions.ticket.id);
});

test("the same X-PAYMENT again is the same receipt, and one transfer", async () => {
  const payment = await world.pay("/films/moon");
  const before = (await world.transfers()).length;
  const [first, second] = [await payOn("/films/moon", payment), await payOn("/films/moon", payment)];
  assert.deepEqual(receiptOf(first), receiptOf(second));
  // The same check in the other version is the same payment.
  const third = await world.payOn("/films/moon", payment);
  assert.equal(fromHeader(third.headers.get("payment-response")).extensions.ticket.id, receiptOf(first).extensions.ticket.id);
  await world.settled(receiptOf(first).extensions.ticket.id);
  assert.equal((await world.transfers()).length, before + 1);
});

test("v1 may sign for more, which is recorded and cashed; v2 may not", async () => {
  const more = await world.pay("/films/moon", { value: "10500" });
  assert.equal((await world.payOn("/films/moon", more)).status, 402);
  const response = await payOn("/films/moon", more);
  assert.equal(response.status, 200);
  const { id } = receiptOf(response).extensions.ticket;
  assert.equal((await world.settled(id)).amount, "10500");
  const moved = (await world.transfers()).map(({ data }) => Number(BigInt(data)));
  assert.ok(moved.includes(10_500), String(moved));
});

test("a refused payment is told in v1's words, with its payer, on top of the challenge", async () => {
  const soon = String(Math.floor(Date.now() / 1000) + 2);
  const cases = [
    [{ value: "9999" }, "invalid_exact_evm_payload_authorization_value", "invalid_exact_evm_payload_authorization_value_mismatch"],
    [{ validBefore: soon }, "invalid_exact_evm_payload_authorization_valid_before", "invalid_exact_evm_payload_authorization_valid_before"],
    [{ to: world.payer.address }, "invalid_exact_evm_payload_recipient_mismatch", "invalid_exact_evm_recipient_mismatch"],
  ];
  for (const [changes, error, code] of cases) {
    const payment = await world.pay("/films/moon", changes);
    const response = await payOn("/films/moon", payment);
    const body = await response.json();
    assert.deepEqual([response.status, body.x402Version, body.error, body.code], [402, 1, error, code]);
    assert.equal(body.payer.toLowerCase(), world.payer.address.toLowerCase());
    assert.equal(body.accepts.length, 1);
    // And in v2's own, where the check came in v2.
    const newer = await world.payOn("/films/moon", payment);
    assert.equal(fromHeader(newer.headers.get("payment-required")).error, code);
  }
});

test("s23 a payment of each version in one request, or the wrong version in a header, is a 400", async () => {
  const payment = await world.pay("/films/moon");
  const both = { "payment-signature": toHeader(payment), "x-payment": toHeader(asV1(payment)) };
  for (const [headers, code] of [
    [both, "ambiguous_payment"],
    [{ "x-payment": toHeader(payment) }, "invalid_x402_version"],
    [{ "payment-signature": toHeader(asV1(payment)) }, "invalid_x402_version"],
    [{ "x-payment": "e30" }, "invalid_encoding"],
  ]) {
    const response = await world.fetch("/films/moon", { headers });
    assert.deepEqual([response.status, (await response.json()).code], [400, code]);
  }
  assert.equal((await payOn("/films/moon", payment)).status, 200, "the payment is still good");
});

test("the office sells to a v1 payment too", async () => {
  const response = await world.buy("matinee", asV1(await world.pay("/films/moon")));
  assert.equal(response.status, 200);
  assert.equal(receiptOf(response).success, true);
  const { access_token } = await response.json();
  assert.equal((await world.withTicket("/films/moon", access_token)).status, 200);
});

test("s27 pages of other origins may send X-PAYMENT and read X-PAYMENT-RESPONSE", async () => {
  const preflight = await world.fetch("/films/moon", { method: "OPTIONS" });
  const allowed = preflight.headers.get("access-control-allow-headers").toUpperCase().split(", ");
  // Stock v1 clients send the last one as a request header on their paid retry.
  for (const name of ["X-PAYMENT", "ACCESS-CONTROL-EXPOSE-HEADERS"]) assert.ok(allowed.includes(name), name);
  for (const response of [await world.fetch("/films/moon"), await payOn("/films/moon", await world.pay("/films/moon"))]) {
    assert.match(response.headers.get("access-control-expose-headers"), /X-PAYMENT-RESPONSE/);
  }
});

/** The gate as a server that knows v1 alone: no header of v2, and a body without an office. */
async function onlyV1() {
  const server = createServer(async (request, answer) => {
    const { host: _, connection: __, ...headers } = request.headers;
    const response = await world.fetch(request.url, { method: request.method, headers });
    for (const name of ["content-type", "x-payment-response"]) {
      if (response.headers.has(name)) answer.setHeader(name, response.headers.get(name));
    }
    let body = await response.text();
    if (response.status === 402) {
      const { x402Version, error, accepts } = JSON.parse(body);
      body = JSON.stringify({ x402Version, error, accepts });
    }
    answer.writeHead(response.status).end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve)));
  return { origin: `http://127.0.0.1:${server.address().port}`, close };
}

test("our payer pays a server of v1 once, and keeps the ticket of its receipt", async () => {
  const wallet = LocalWallet.generate();
  await world.chain.mint(wallet.address, 1_000_000);
  const payer = createPayer({ wallet, networks: ["eip155:84532"] });
  const server = await onlyV1();
  try {
    const response = await payer.fetch(`${server.origin}/films/moon`);
    assert.equal(response.status, 200);
    assert.equal((await response.json()).film, "/films/moon");
    const receipt = receiptOf(response);
    assert.deepEqual([receipt.success, receipt.network], [true, NETWORK]);
    assert.equal((await payer.fetch(`${server.origin}/films/moon`)).status, 200);
    assert.equal(payer.spending().perDay.spent, "0.01");
    assert.equal((await world.settled(receipt.extensions.ticket.id)).payer.toLowerCase(), wallet.address.toLowerCase());
  } finally {
    await server.close();
  }
});

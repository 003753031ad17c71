// The built package pays at a server that speaks x402 v1 and nothing else, as npm `x402-hono` would answer.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { recoverTypedDataAddress } from "viem";
import { createPayer, decodeXPaymentResponse, LocalWallet, X402Error } from "x402-wasm";

const ASSET = "0x036CbD53842c5426634e7929541eC2318f3dCF7e";
const PAYEE = "0x2de7B9388C249D20800bA097eD5DEb66e4437Dc4";
const TRANSFER = ["address from", "address to", "uint256 value", "uint256 validAfter", "uint256 validBefore", "bytes32 nonce"];

const base64 = (value) => Buffer.from(JSON.stringify(value)).toString("base64");
const offer = (origin, changes) => ({
  scheme: "exact",
  network: "base-sepolia",
  maxAmountRequired: "10000",
  resource: `${origin}/weather`,
  description: "",
  mimeType: "application/json",
  payTo: PAYEE,
  maxTimeoutSeconds: 60,
  asset: ASSET,
  outputSchema: { input: { type: "http", method: "GET", discoverable: true } },
  extra: { name: "USDC", version: "2" },
  ...changes,
});

let origin, answer, paid, wallet, payer;

async function handle(request, response) {
  const header = request.headers["x-payment"];
  const turnAway = (error, more) => {
    response.writeHead(402, { "content-type": "application/json" });
    response.end(JSON.stringify({ x402Version: 1, error, accepts: answer.accepts ?? [offer(origin)], ...more }));
  };
  if (!header) return turnAway("X-PAYMENT header is required");
  const payment = JSON.parse(Buffer.from(header, "base64"));
  paid.push(payment);
  if (answer.refusal) return turnAway(answer.refusal, { payer: payment.payload.authorization.from });
  const receipt = { success: true, transaction: `0x${"ab".repeat(32)}`, network: "base-sepolia", payer: wallet.address };
  response.writeHead(200, { "x-payment-response": base64(receipt) }).end("sunny");
}

const server = createServer((request, response) => handle(request, response).catch((error) => response.writeHead(500).end(String(error))));

before(async () => {
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
});
beforeEach(() => {
  [answer, paid, wallet] = [{}, [], LocalWallet.generate()];
  payer = createPayer({ wallet, networks: ["eip155:84532"] });
});
after(() => (server.closeAllConnections(), server.close()));

test("it signs exactly the amount, names the network as the server does, and reads the receipt", async () => {
  const response = await payer.fetch(`${origin}/weather`);
  assert.equal(await response.text(), "sunny");
  const receipt = decodeXPaymentResponse(response.headers.get("x-payment-response"));
  assert.deepEqual([receipt.success, receipt.network], [true, "base-sepolia"]);
  const [{ x402Version, scheme, network, payload, ...rest }] = paid;
  assert.deepEqual([x402Version, scheme, network, rest], [1, "exact", "base-sepolia", {}]);
  const { signature, authorization: message } = payload;
  assert.deepEqual([message.value, message.to, message.from], ["10000", PAYEE, wallet.address]);
  const types = { TransferWithAuthorization: TRANSFER.map((field) => ({ type: field.split(" ")[0], name: field.split(" ")[1] })) };
  const domain = { name: "USDC", version: "2", chainId: 84532, verifyingContract: ASSET };
  const typed = { domain, types, primaryType: "TransferWithAuthorization", message, signature };
  assert.equal(await recoverTypedDataAddress(typed), wallet.address, "viem's opinion, not ours");
  assert.equal(payer.spending().perDay.spent, "0.01");
});

test("the first offer within the limits is taken, whatever else stands beside it", async () => {
  const odd = [{ network: "solana", asset: "So11111111111111111111111111111111111111112" }, { network: "moon" }, { scheme: "upto" }];
  answer.accepts = [...odd.map((changes) => offer(origin, changes)), offer(origin, { maxAmountRequired: "20000" })];
  assert.equal((await payer.fetch(`${origin}/weather`)).status, 200);
  assert.equal(paid[0].payload.authorization.value, "20000");
});

test("what is above the budget, or in a domain that is not the asset's, is not signed", async () => {
  for (const [changes, code] of [
    [{ maxAmountRequired: "100001" }, "over_per_payment"],
    [{ extra: { name: "USD Coin", version: "2" } }, "asset_mismatch"],
    [{ network: "base" }, "network_not_allowed"],
    [{ network: "solana" }, "no_acceptable_offer"],
  ]) {
    answer.accepts = [offer(origin, changes)];
    await assert.rejects(payer.fetch(`${origin}/weather`), { code });
  }
  assert.equal(paid.length, 0);
});

// The build of a page has no table of peers' words: it passes them on.
const isLean = import.meta.resolve("x402-wasm").endsWith("/entry/inline.js");

test("a refusal in v1's words has our code for its reason, and nothing is signed again", async () => {
  for (const [word, ours] of [
    ["invalid_exact_evm_payload_signature", "invalid_exact_evm_signature"],
    ["insufficient_funds", "invalid_exact_evm_insufficient_balance"],
    ["a word that nobody knows", "a word that nobody knows"],
  ]) {
    const reason = isLean ? word : ours;
    [answer, paid] = [{ refusal: word }, []];
    const refused = await createPayer({ wallet, networks: ["eip155:84532"] }).fetch(`${origin}/weather`).catch((error) => error);
    assert.ok(refused instanceof X402Error);
    assert.deepEqual([refused.code, refused.reason, paid.length], ["payment_not_honoured", reason, 1]);
  }
});

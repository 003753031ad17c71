// Permit2 with the stock SDK, both ways: its client at our gate, our payer at its server, for `exact` and for `upto`.
import assert from "node:assert/strict";
import { ExactEvmScheme } from "@x402/evm/exact/client";
import { UptoEvmScheme } from "@x402/evm/upto/client";
import { decodePaymentResponseHeader, wrapFetchWithPayment, x402Client } from "@x402/fetch";
import { createPayer, init, LocalWallet } from "x402-wasm";
import { NETWORK, PRICE } from "../gates/films.js";
import { onlyTransferOf } from "../stage/transfers.mjs";

const CHARGED = 4_200n;
const PERMIT2 = "0x000000000022D473030F116dDEE9F6B43aC78BA3";

/** The stock client at our gate. Each answers with the scheme that it paid by. */
export const STOCK_CLIENT_BY_PERMIT2 = [
  { id: "@x402/fetch, exact", play: async (stage, url) => (await buyWithStock(stage, `${url}/permit2`, PRICE, "exact")).scheme },
  { id: "@x402/fetch, upto", play: async (stage, url) => (await buyUpto(stage, url)).scheme },
];

/** Our payer at the stock server. */
export const OUR_PAYER_BY_PERMIT2 = [
  { id: "@x402/express, exact", play: (stage, url) => buyWithOurs(stage, url, PRICE, "exact") },
  { id: "@x402/express, upto", play: (stage, url) => buyWithOurs(stage, new URL("/search", url).href, 2_500n, "upto") },
];

/** The same where a facilitator settles, which is told what was charged. */
export async function meteredThroughFacilitator(stage, url, { address }) {
  const { transaction } = await buyUpto(stage, url);
  const { from } = await (await stage.chain()).rpc("eth_getTransactionByHash", transaction);
  assert.equal(from, address.toLowerCase(), "its own key sent it");
  return "settled";
}

const buyUpto = (stage, url) => buyWithStock(stage, `${url}/search`, CHARGED, "upto");

async function buyWithStock(stage, url, value, scheme) {
  const [{ account, address }, chain] = await Promise.all([stage.visitor(), stage.chain()]);
  await chain.allowPermit2(address, Number(PRICE));
  const client = new x402Client().register("eip155:*", new ExactEvmScheme(account)).register("eip155:*", new UptoEvmScheme(account));
  const sent = [];
  const spied = (input, init) => {
    const request = new Request(input, init);
    sent.push(request.headers.get("payment-signature"));
    return fetch(request);
  };
  const response = await wrapFetchWithPayment(spied, client)(url, { headers: { "x-charge": String(CHARGED) } });
  assert.equal(response.status, 200, await response.clone().text());
  const receipt = decodePaymentResponseHeader(response.headers.get("payment-response"));
  assert.deepEqual([receipt.success, receipt.payer], [true, address]);
  const { to, value: moved, transaction } = await onlyTransferOf(chain, address);
  assert.deepEqual([to, moved], [chain.payee.address, value]);
  const { accepted } = JSON.parse(Buffer.from(sent.at(-1), "base64"));
  assert.deepEqual([accepted.scheme, accepted.extra.assetTransferMethod], [scheme, "permit2"]);
  return { scheme, transaction };
}

async function buyWithOurs(stage, url, value, scheme) {
  const [{ key }, chain] = await Promise.all([stage.visitor(), stage.chain()]);
  await init();
  const wallet = LocalWallet.import(Uint8Array.from(Buffer.from(key.slice(2), "hex")));
  const asked = [];
  const permit2 = async (needed) => {
    asked.push(needed.atomicAmount);
    await chain.sendAs(needed.transaction);
    return true;
  };
  const payer = createPayer({ wallet, networks: [NETWORK], permit2 });
  const response = await payer.fetch(url);
  assert.equal(response.status, 200, await response.clone().text());
  assert.deepEqual(asked, [String(PRICE)], "the owner's yes for the exact amount");
  const { value: moved } = await onlyTransferOf(chain, payer.address);
  assert.equal(moved, value);
  assert.equal(await allowanceOf(chain, payer.address), PRICE - value, "and not a unit more");
  return scheme;
}

async function allowanceOf({ rpc, usdc }, owner) {
  const data = `0xdd62ed3e${word(owner)}${word(PERMIT2)}`;
  return BigInt(await rpc("eth_call", { to: usdc, data }, "latest"));
}

const word = (address) => address.slice(2).toLowerCase().padStart(64, "0");

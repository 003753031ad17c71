// A chain, a gate in workerd and a payer with money: what every test here starts from.
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as pause } from "node:timers/promises";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { startChain } from "../../www/stage/chain.mjs";
import { startWorker } from "../../www/stage/workerd.mjs";

const ENTRY = fileURLToPath(new URL("gate.js", import.meta.url));
const TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

export const SECRET = "a secret that only these tests know.";

/**
 * Starts it all; `bindings` replace the worker's own, and `entry` the worker. With `keepsChain` the chain is on disk, and
 * `world.restartChain()` starts its node anew on the same port. A `cashier` is a second worker that has the ledger and
 * the relayer's key; the gate then has no such key.
 */
export async function openWorld({ bindings = {}, silent = true, entry = ENTRY, cashier, keepsChain = false } = {}) {
  const home = await mkdtemp(join(tmpdir(), "x402-behaviour-"));
  const closers = [() => rm(home, { recursive: true, force: true })];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const state = keepsChain ? join(home, "chain.json") : undefined;
    let chain = await startChain({ port: 0, state });
    closers.push(() => chain.stop());
    const restartChain = async () => {
      await chain.stop();
      chain = await startChain({ port: Number(new URL(chain.rpcUrl).port), state });
    };
    const shop = { PAY_TO: chain.payee.address, TICKET_SECRET: SECRET };
    const desk = { RPC_URL: chain.rpcUrl, RELAYER_KEY: chain.relayer.key };
    const own = { ...shop, CHAINS: "", ...(cashier ? { RELAYER: chain.relayer.address } : desk), ...bindings };
    const behind = cashier && { entry: cashier, bindings: { ...shop, ...desk } };
    const gate = await startWorker({ entry, dataDir: home, bindings: own, cashier: behind, silent });
    closers.push(gate.stop);
    const payer = privateKeyToAccount(generatePrivateKey());
    await chain.mint(payer.address, 10_000_000);
    return new World({ chain, gate, payer, close, restartChain });
  } catch (error) {
    await close();
    throw error;
  }
}

class World {
  #offers = new Map();

  constructor(parts) {
    Object.assign(this, parts);
  }

  /** Gives the gate these nodes to ask, and whatever else belongs to its chain. */
  askingChain(options, bindings) {
    const chain = { rpc: this.chain.rpcUrl, ...options };
    return this.gate.restart({ ...bindings, CHAINS: JSON.stringify({ "eip155:84532": chain }) });
  }

  fetch(path, init) {
    return fetch(this.gate.url + path, init);
  }

  withTicket(path, ticket, init) {
    return this.fetch(path, { ...init, headers: { ...init?.headers, authorization: `Bearer ${ticket}` } });
  }

  payOn(path, payment, { headers, ...init } = {}) {
    return this.fetch(path, { ...init, headers: { ...headers, "payment-signature": toHeader(payment) } });
  }

  /** Posts a payment to the office: a document, or the body's own text. */
  buy(scope, payment, init) {
    const body = typeof payment === "string" ? payment : JSON.stringify(payment);
    return this.fetch(`/token?scope=${encodeURIComponent(scope)}`, { method: "POST", body, ...init });
  }

  /** A fresh payment for what `path` costs, as x402 v2 writes it. `changes` replace members before it is signed. */
  async pay(path, changes = {}, method = "GET") {
    const offer = await this.#offer(path, method);
    const authorization = {
      from: this.payer.address,
      to: offer.payTo,
      value: offer.amount,
      validAfter: "0",
      validBefore: String(Math.floor(Date.now() / 1000) + offer.maxTimeoutSeconds),
      nonce: `0x${randomBytes(32).toString("hex")}`,
      ...changes,
    };
    const signature = await this.payer.signTypedData(typedData(offer, authorization));
    return { x402Version: 2, accepted: offer, payload: { signature, authorization } };
  }

  /** What moved from the payer to the payee, by the chain's own account. */
  async transfers() {
    const topic = (address) => `0x${address.slice(2).toLowerCase().padStart(64, "0")}`;
    const topics = [TRANSFER, topic(this.payer.address), topic(this.chain.payee.address)];
    return this.chain.rpc("eth_getLogs", { address: this.chain.usdc, fromBlock: "0x0", toBlock: "latest", topics });
  }

  async record(jti) {
    return (await this.fetch(`/ledger/${jti}`)).json();
  }

  /** The record as soon as it is settled. */
  async settled(jti, within = 120_000) {
    const end = Date.now() + within;
    for (;;) {
      const record = await this.record(jti);
      if (record?.state === "settled") return record;
      if (Date.now() > end) throw new Error(`still not settled: ${JSON.stringify(record)}`);
      await pause(100);
    }
  }

  async served() {
    return (await (await this.fetch("/served")).json()).served;
  }

  async #offer(path, method) {
    const key = `${method} ${path}`;
    if (!this.#offers.has(key)) {
      const challenge = (await this.fetch(path, { method })).headers.get("payment-required");
      this.#offers.set(key, fromHeader(challenge).accepts[0]);
    }
    return this.#offers.get(key);
  }
}

export const toHeader = (document) => Buffer.from(JSON.stringify(document)).toString("base64");
export const fromHeader = (header) => JSON.parse(Buffer.from(header, "base64").toString());
export const ticketOf = (response) => fromHeader(response.headers.get("payment-response")).extensions.ticket;

/** The same payment as x402-mock writes it. */
export function asPermit({ accepted, payload: { signature, authorization } }) {
  const { from, to, value, validAfter, validBefore, nonce } = authorization;
  const part = (start, end) => signature.slice(start, end);
  const permit = {
    permit_type: "ERC3009",
    signature: { signature_type: "ERC3009", v: parseInt(part(130), 16), r: `0x${part(2, 66)}`, s: `0x${part(66, 130)}` },
    token: accepted.asset,
    chain_id: 84532,
    authorizer: from,
    recipient: to,
    value: Number(value),
    validAfter: Number(validAfter),
    validBefore: Number(validBefore),
    nonce,
  };
  return { version: "Version 0.1", permit };
}

function typedData({ asset, extra }, message) {
  const fields = { from: "address", to: "address", value: "uint256", validAfter: "uint256", validBefore: "uint256", nonce: "bytes32" };
  return {
    domain: { name: extra.name, version: extra.version, chainId: 84532, verifyingContract: asset },
    types: { TransferWithAuthorization: Object.entries(fields).map(([name, type]) => ({ name, type })) },
    primaryType: "TransferWithAuthorization",
    message,
  };
}

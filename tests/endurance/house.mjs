// What the runs of this folder share: the gate that is put under load, quick requests, and the chain's own account.
import { Agent, request } from "node:http";
import { fileURLToPath } from "node:url";
import { openWorld } from "../behaviour/world.mjs";

const ENTRY = fileURLToPath(new URL("worker.js", import.meta.url));
const OPERATOR_KEY = "the key of an operator, 32 bytes.";
const TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
const AUTHORIZATION_USED = "0x98de503528ee59b575ef0c0a2576a82497bfc029a5685b209e9ec333479b10a5";

/** A chain, and the gate over so many ledgers; with `cashes: "no"` the chain is left alone. `options` are the relayer's. */
export function openHouse({ shards = 1, cashes = "yes", options = {}, bindings, ...rest } = {}) {
  const own = { SHARDS: String(shards), CASHES: cashes, RELAYER: JSON.stringify(options), CHAINS: "{}", OPERATOR_KEY };
  return openWorld({ entry: ENTRY, bindings: { ...own, ...bindings }, ...rest });
}

/** The operator's report. */
export async function report(world) {
  return (await world.withTicket("/ledger", OPERATOR_KEY)).json();
}

/** What differs between the ledger and the chain. */
export async function differences(world) {
  const headers = { authorization: `Bearer ${OPERATOR_KEY}` };
  const [report] = await (await world.fetch("/ledger/reconcile?blocks=1000", { method: "POST", headers })).json();
  return report.differences;
}

/** `fetch` costs more than what is measured here: this sends over connections that stay open. */
export class Line {
  #agent;
  #port;

  constructor(port, connections = 100) {
    this.#port = port;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** The answer's status, headers and text; rejects where the connection ends before the answer does. */
  send(method, path, { headers, body } = {}) {
    return new Promise((resolve, reject) => {
      const asked = request({ host: "127.0.0.1", port: this.#port, agent: this.#agent, method, path, headers }, (answer) => {
        const chunks = [];
        answer.on("data", (chunk) => chunks.push(chunk));
        answer.on("error", reject);
        answer.on("close", () => {
          if (!answer.complete) return reject(new Error("cut"));
          resolve({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(chunks).toString() });
        });
      });
      asked.on("error", reject);
      asked.end(body);
    });
  }

  close() {
    this.#agent.destroy();
  }
}

/** What the chain says: how many transfers the payee got right after each nonce was used (S48), and how many in all. */
export async function cashed(world) {
  const filter = { address: world.chain.usdc, fromBlock: "0x0", toBlock: "latest", topics: [[AUTHORIZATION_USED, TRANSFER]] };
  const payee = world.chain.payee.address.slice(2).toLowerCase();
  const perNonce = new Map();
  let [used, all] = [undefined, 0];
  for (const { transactionHash, topics } of await world.chain.rpc("eth_getLogs", filter)) {
    if (topics[0] === AUTHORIZATION_USED) {
      used = { transactionHash, nonce: topics[2] };
      if (!perNonce.has(used.nonce)) perNonce.set(used.nonce, 0);
    } else {
      const isPaid = topics[2].endsWith(payee);
      all += isPaid ? 1 : 0;
      if (isPaid && used?.transactionHash === transactionHash) perNonce.set(used.nonce, perNonce.get(used.nonce) + 1);
      used = undefined;
    }
  }
  return { perNonce, all };
}

/** Small, quick and replayable: the same seed, the same draws. */
export function dice(seed) {
  let state = seed >>> 0;
  const draw = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { between: (low, high) => low + Math.floor(draw() * (high - low + 1)), isHit: (chance) => draw() < chance };
}

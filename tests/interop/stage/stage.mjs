// What the matrix plays on: one chain, and every gate, server, facilitator and page once. A part is opened when the first
// cell asks for it, and closed at the end.
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { startChain } from "../../../www/stage/chain.mjs";
import { HOST } from "../../../www/stage/port.mjs";

const DOLLAR = 1_000_000n;
const ETHER = "0xde0b6b3a7640000";

export class Stage {
  #parts = new Map();
  #closers = [];

  /** The part that `open(stage)` makes, made once. */
  part(open) {
    if (!this.#parts.has(open)) this.#parts.set(open, open(this));
    return this.#parts.get(open);
  }

  /** Whatever was opened last is closed first. */
  atTheEnd(close) {
    this.#closers.unshift(close);
  }

  async close() {
    for (const close of this.#closers) await close();
  }

  chain() {
    return this.part(openChain);
  }

  /** A folder that is gone at the end. */
  folder() {
    return this.part(makeFolder);
  }

  /** A server of node:http, on a free port unless it has one; its URL. */
  async listen(server, port = 0) {
    server.listen(port, HOST);
    await once(server, "listening");
    this.atTheEnd(() => {
      server.close();
      server.closeAllConnections();
    });
    return `http://${HOST}:${server.address().port}`;
  }

  /** A key that can pay for gas: each relayer is the one writer of its own. */
  async relayer() {
    const key = generatePrivateKey();
    const { address } = privateKeyToAccount(key);
    await (await this.chain()).rpc("anvil_setBalance", address, ETHER);
    return { key, address };
  }

  /** A payer with a dollar. */
  async visitor() {
    const key = generatePrivateKey();
    const account = privateKeyToAccount(key);
    await (await this.chain()).mint(account.address, DOLLAR);
    return { key, account, address: account.address };
  }
}

async function openChain(stage) {
  const chain = await startChain({ port: 0 });
  stage.atTheEnd(() => chain.stop());
  return chain;
}

async function makeFolder(stage) {
  const folder = await mkdtemp(join(tmpdir(), "x402-matrix-"));
  stage.atTheEnd(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

// The cinema as a visitor finds it: its worker in real workerd, on a real local chain, with nothing of it replaced.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startChain } from "../../../www/stage/chain.mjs";
import { claimPort } from "../../../www/stage/port.mjs";
import { startWorker } from "../../../www/stage/workerd.mjs";
import { transfersOf } from "./transfers.mjs";

const WWW = fileURLToPath(new URL("../../../www/", import.meta.url));
const PATIENCE = 20_000;

export const NETWORK = "eip155:84532";
export const MATINEE = 10_000n;

/** Opens it on free ports with an empty ledger; `close` leaves nothing behind. */
export async function openCinema() {
  const dataDir = await mkdtemp(join(tmpdir(), "x402-cinema-"));
  const chain = await startChain({ port: 0 });
  const ticketSecret = randomBytes(32).toString("base64url");
  let gate;
  const close = async () => {
    await gate?.stop();
    await chain.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    gate = await startGate({ chain, dataDir, ticketSecret });
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url: gate.url,
    chain,
    ticketSecret,
    close,
    /** Gives `address` 10 USDC over the counter that visitors use. */
    fund: (address) => fund(gate.url, address),
    /** The payment's record, once the check is cashed. */
    settled: (jti) => settled(gate.url, jti),
    transfersOf: (payer) => transfersOf(chain, payer),
  };
}

// The worker's issuer is its origin, so the port has to be known before it starts.
async function startGate({ chain, dataDir, ticketSecret }) {
  const port = await claimPort(0, "the cinema");
  return startWorker({
    entry: join(WWW, "worker.js"),
    assets: join(WWW, "dist"),
    dataDir,
    port,
    bindings: {
      RPC_URL: chain.rpcUrl,
      RELAYER_KEY: chain.relayer.key,
      TICKET_SECRET: ticketSecret,
      PAY_TO: chain.payee.address,
      ORIGIN: `http://127.0.0.1:${port}`,
    },
  });
}

async function fund(url, address) {
  const response = await fetch(`${url}/faucet`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ address }),
  });
  assert.equal(response.status, 200, await response.text());
}

async function settled(url, jti) {
  let record;
  for (const start = Date.now(); Date.now() - start < PATIENCE; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const response = await fetch(`${url}/ledger/${jti}`);
    record = await response.json();
    if (record.state === "settled") return record;
    assert.equal(response.status, 200, JSON.stringify(record));
    assert.notEqual(record.state, "failed", JSON.stringify(record));
  }
  assert.fail(`not cashed within ${PATIENCE} ms: ${JSON.stringify(record)}`);
}

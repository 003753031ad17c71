// What the chain tells of a payer.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";

const TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
const PATIENCE = 20_000;

/** Every transfer of USDC from `payer`. */
export async function transfersOf({ rpc, usdc }, payer) {
  const topics = [TRANSFER, `0x${payer.slice(2).toLowerCase().padStart(64, "0")}`];
  const logs = await rpc("eth_getLogs", { address: usdc, fromBlock: "0x0", topics });
  return logs.map(({ topics: [, , to], data, transactionHash }) => ({
    to: `0x${to.slice(-40)}`,
    value: BigInt(data),
    transaction: transactionHash,
  }));
}

/** The one transfer from `payer`, as soon as there is one. */
export async function onlyTransferOf(chain, payer) {
  for (let waited = 0; waited < PATIENCE; waited += 100) {
    const transfers = await transfersOf(chain, payer);
    if (transfers.length > 0) {
      assert.equal(transfers.length, 1, "paid more than once");
      return transfers[0];
    }
    await pause(100);
  }
  assert.fail(`nothing was paid within ${PATIENCE} ms`);
}

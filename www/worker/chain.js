// What the demo asks of its local chain, as plain JSON-RPC. Cashing the checks is the gate's own work.
const USDC = "0x036CbD53842c5426634e7929541eC2318f3dCF7e";
const BALANCE_OF = "0x70a08231";
const MINT = "0x40c10f19";
const TRANSFER_EVENT = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

export async function balanceOf(rpc, address) {
  return decimal(BigInt(await call(rpc, "eth_call", [{ to: USDC, data: BALANCE_OF + word(address) }, "latest"])));
}

// Account 0 is unlocked on the local chain only, so this faucet runs dry everywhere else.
export async function mint(rpc, address, amount) {
  const [from] = await call(rpc, "eth_accounts", []);
  const data = MINT + word(address) + word(amount.toString(16));
  const transaction = await send(rpc, { from, to: USDC, data });
  await receiptOf(rpc, transaction);
  return transaction;
}

// One transaction may cash many checks: this finds the payment's own transfer in it.
export async function transferOf(rpc, payment) {
  const receipt = await call(rpc, "eth_getTransactionReceipt", [payment.transaction]);
  const log = receipt?.logs.find(
    ({ address, topics: [event, from, to], data }) =>
      address.toLowerCase() === payment.asset.toLowerCase() &&
      event === TRANSFER_EVENT &&
      from.endsWith(payment.payer.slice(2).toLowerCase()) &&
      to.endsWith(payment.payTo.slice(2).toLowerCase()) &&
      BigInt(data) === BigInt(payment.amount),
  );
  if (log === undefined) return undefined;
  return {
    transaction: receipt.transactionHash,
    block: Number(receipt.blockNumber),
    from: payment.payer,
    to: payment.payTo,
    value: decimal(BigInt(log.data)),
    gasUsed: Number(receipt.gasUsed),
    gasPaidBy: receipt.from,
  };
}

// Anvil gives visitors who come at once the same nonce, and takes the transaction of one of them.
async function send(rpc, transaction) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call(rpc, "eth_sendTransaction", [transaction]);
    } catch (error) {
      if (attempt === 30 || !/nonce too low|underpriced/.test(error.message)) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 50));
    }
  }
}

async function receiptOf(rpc, transaction) {
  for (let attempt = 0; attempt < 40; attempt += 1) {
    const receipt = await call(rpc, "eth_getTransactionReceipt", [transaction]);
    if (receipt !== null) return receipt;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error("the chain did not mine the transaction within a second");
}

async function call(rpc, method, params) {
  const response = await fetch(rpc, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  const { result, error } = await response.json();
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
}

function word(hex) {
  return hex.replace(/^0x/, "").toLowerCase().padStart(64, "0");
}

// USDC counts in millionths.
function decimal(units) {
  const digits = units.toString().padStart(7, "0");
  return `${digits.slice(0, -6)}.${digits.slice(-6).replace(/0{1,4}$/, "")}`;
}

// A local EVM chain with contracts of our own where Base Sepolia has USDC, Permit2 and x402's proxies.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { end, readyOrDead, start, untilItFails } from "./children.mjs";
import { HOST, claimPort } from "./port.mjs";
import { creationCodes } from "./contracts.mjs";

export const CHAIN_ID = 84532;
export const USDC = "0x036CbD53842c5426634e7929541eC2318f3dCF7e";
export const PERMIT2 = "0x000000000022D473030F116dDEE9F6B43aC78BA3";

// Files of contracts, and at which address each of them is placed.
const CONTRACTS = {
  "DevUSDC.sol": { DevUSDC: USDC },
  "Permit2.sol": {
    DevPermit2: PERMIT2,
    DevExactProxy: "0x402085c248EeA27D92E8b30b2C58ed07f9E20001",
    DevUptoProxy: "0x4020A4f3b7b90ccA423B9fabCc0CE57C6C240002",
  },
};

// The one contract here that is not our own: the real Multicall3, as viem carries it.
const MULTICALL3 = "0xcA11bde05977b3631167028862bE2a173976CA11";

// The real contract's separator on Base Sepolia: what a payer signs here is what it would sign there.
const USDC_SEPARATOR = "0x71f17a3b2ff373b803d70a5a07c046c1a2bc8e89c09ef722fcb047abe94c9818";
const PERMIT2_SEPARATOR = "0x010f27a92fb9a32622f44f001dc4d15706a85b33499cfc2ce9033113ab26592c";

// Anvil's public development accounts, the same on every machine; money on them is play money.
const FAUCET = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const RELAYER = {
  address: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
  key: "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
};
// The payee needs no key: it only receives.
const PAYEE = { address: "0x2096200000000000000000000000000000000402" };

/**
 * Starts the chain on 127.0.0.1. With `state`, a file, the chain is kept there and found again at the next start.
 * Fees are real: EIP-1559 with a base fee that moves.
 */
export async function startChain({ port = 8545, accounts = 10, state, silent = true } = {}) {
  const claimed = await claimPort(port, "the chain");
  const args = ["--host", HOST, "--port", claimed, "--chain-id", CHAIN_ID, "--accounts", accounts];
  if (silent) args.push("--silent");
  // Written every second too: a demo may be killed, and its ledger would then know more than its chain.
  if (state) args.push("--state", state, "--state-interval", 1);
  const anvil = start(anvilBinary(), args.map(String), { stdio: ["ignore", silent ? "ignore" : "inherit", "pipe"] });

  const rpcUrl = `http://${HOST}:${claimed}`;
  const rpc = (method, ...params) => call(rpcUrl, method, params);
  try {
    await readyOrDead(anvil, "anvil", untilItAnswers(rpc, anvil));
    await placeContracts(rpc);
  } catch (error) {
    await end(anvil);
    throw state && existsSync(state) ? new Error(`${error.message}\nThe chain kept in ${state} may be damaged: remove that folder to begin anew.`) : error;
  }
  return {
    rpcUrl,
    rpc,
    chainId: CHAIN_ID,
    usdc: USDC,
    relayer: RELAYER,
    payee: PAYEE,
    faucet: { address: FAUCET },
    /** Gives `address` an amount in millionths of a USDC; resolves when it is on the chain. */
    mint: (address, amount) => send(rpc, { from: FAUCET, to: USDC, data: mintCall(address, amount) }),
    /** Lets Permit2 take an amount in millionths of a USDC from `address`; resolves when it is on the chain. */
    allowPermit2: (address, amount) =>
      sendAs(rpc, { from: address, to: USDC, data: `0x095ea7b3${word(PERMIT2)}${word(amount)}` }),
    /** Sends a transaction in anybody's name, with gas from nowhere. */
    sendAs: (transaction) => sendAs(rpc, transaction),
    /** The balance of `address` in millionths of a USDC. */
    balanceOf: async (address) => BigInt(await rpc("eth_call", { to: USDC, data: `0x70a08231${word(address)}` }, "latest")),
    /** Ends it; with `state`, what happened on it is kept. */
    stop: () => end(anvil),
    kill: () => end(anvil, "SIGKILL"),
    /** Rejects when it ends without having been asked to. */
    watch: () => untilItFails(anvil, "The chain"),
  };
}

async function placeContracts(rpc) {
  for (const [file, places] of Object.entries(CONTRACTS)) {
    const codes = await creationCodes(file);
    for (const [name, address] of Object.entries(places)) await place(rpc, address, codes[name]);
  }
  await place(rpc, MULTICALL3, await multicall3());
  for (const [contract, separator] of [[USDC, USDC_SEPARATOR], [PERMIT2, PERMIT2_SEPARATOR]]) {
    const here = await rpc("eth_call", { to: contract, data: "0x3644e515" }, "latest");
    if (here !== separator) throw new Error(`What is signed for ${contract} here is not what is signed on Base Sepolia: ${here}`);
  }
}

async function place(rpc, address, creation) {
  if ((await rpc("eth_getCode", address, "latest")) !== "0x") return;
  // A creation that is only called answers with the code it would have placed.
  await rpc("anvil_setCode", address, await rpc("eth_call", { from: FAUCET, data: creation }, "latest"));
}

/** Its creation code, in a file of viem's that viem's own entries do not show. */
async function multicall3() {
  const entry = createRequire(import.meta.url).resolve("viem");
  const file = pathToFileURL(join(dirname(entry), "constants/contracts.js"));
  return (await import(file)).multicall3Bytecode;
}

async function untilItAnswers(rpc, anvil) {
  for (let waited = 0; waited < 60_000; waited += 50) {
    const chainId = await rpc("eth_chainId").catch(() => undefined);
    if (chainId !== undefined || anvil.exitCode !== null) return;
    await pause(50);
  }
  throw new Error("anvil did not answer within a minute");
}

async function sendAs(rpc, transaction) {
  await rpc("anvil_setBalance", transaction.from, "0xde0b6b3a7640000");
  await rpc("anvil_impersonateAccount", transaction.from);
  return send(rpc, transaction);
}

async function send(rpc, transaction) {
  const hash = await submit(rpc, transaction);
  let receipt = null;
  for (let waited = 0; receipt === null && waited < 60_000; waited += 20) {
    receipt = await rpc("eth_getTransactionReceipt", hash);
    if (receipt === null) await pause(20);
  }
  if (receipt?.status !== "0x1") throw new Error(`Transaction ${hash} failed.`);
  return hash;
}

// Anvil gives callers that come at once the same nonce, and takes the transaction of one of them.
async function submit(rpc, transaction) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await rpc("eth_sendTransaction", transaction);
    } catch (error) {
      if (attempt === 30 || !/nonce too low|underpriced/.test(error.message)) throw error;
      await pause(Math.random() * 50);
    }
  }
}

async function call(url, method, params) {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  const { result, error } = await response.json();
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const word = (value) => BigInt(value).toString(16).padStart(64, "0");
const mintCall = (address, amount) => `0x40c10f19${word(address)}${word(amount)}`;

// The program itself, not npm's wrapper around it: a signal sent to a wrapper can leave the chain running.
function anvilBinary() {
  const require = createRequire(import.meta.url);
  const wrapper = createRequire(require.resolve("@foundry-rs/anvil/package.json"));
  const arch = { x64: "amd64" }[process.arch] ?? process.arch;
  const name = `@foundry-rs/anvil-${process.platform}-${arch}`;
  try {
    return join(dirname(wrapper.resolve(`${name}/package.json`)), "bin", process.platform === "win32" ? "anvil.exe" : "anvil");
  } catch {
    throw new Error(`There is no local chain for ${process.platform} on ${process.arch}: npm has no package ${name}.`);
  }
}

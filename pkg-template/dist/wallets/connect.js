// A wallet on the chain that it is to sign for, and its refusals as codes.
import { X402Error } from "../errors.js";
import { ProviderWallet } from "../payer/wallets.js";

/** What the codes of EIP-1193, EIP-1474 and EIP-3326 mean here. */
const REFUSALS = new Map([
  [4001, ["wallet_refused", "The wallet's owner said no: nothing was signed."]],
  [4100, ["wallet_unauthorized", "The wallet does not let this page use the account: connect it again."]],
  [4200, ["wallet_unsupported", "The wallet cannot do that: use another one."]],
  [4900, ["wallet_disconnected", "The wallet is not connected to any chain: try again once it is."]],
  [4901, ["wallet_disconnected", "The wallet is not connected to the chain: try again once it is."]],
  [4902, ["chain_unknown_to_wallet", "The wallet does not know the chain: add it there, or describe it in `chains`."]],
  [-32002, ["wallet_busy", "The wallet is asking its owner already: answer there first."]],
  [-32601, ["wallet_unsupported", "The wallet cannot do that: use another one."]],
]);

/** Asks the wallet's owner for an account. `chains` describes those that the wallet may have to learn, by CAIP-2 id. */
export function connectWallet(provider, { chains = {} } = {}) {
  return ProviderWallet.connect({
    async request(request) {
      if (request.method === "eth_signTypedData_v4") await switchTo(provider, chainOf(request), chains);
      return ask(provider, request);
    },
  });
}

const chainOf = ({ params: [, typedData] }) => JSON.parse(typedData).domain.chainId;

/** Wallets sign for the chain that they are on. */
async function switchTo(provider, id, chains) {
  if (Number(await ask(provider, { method: "eth_chainId" })) === id) return;
  const chainId = `0x${id.toString(16)}`;
  const change = () => ask(provider, { method: "wallet_switchEthereumChain", params: [{ chainId }] });
  try {
    await change();
  } catch (error) {
    const chain = chains[`eip155:${id}`];
    if (error.code !== "chain_unknown_to_wallet" || !chain) throw error;
    await ask(provider, { method: "wallet_addEthereumChain", params: [{ ...chain, chainId }] });
    // To add it is not to use it.
    await change();
  }
}

async function ask(provider, request) {
  try {
    return await provider.request(request);
  } catch (cause) {
    // Some wallets wrap the error of what they are made of.
    const code = cause?.data?.originalError?.code ?? cause?.code;
    const [name, message] = REFUSALS.get(code) ?? ["wallet_failed", `The wallet failed: ${String(cause?.message ?? cause).slice(0, 200)}`];
    throw new X402Error(name, message, { cause });
  }
}

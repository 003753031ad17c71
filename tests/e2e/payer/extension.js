// A wallet as a browser extension puts it into a page: EIP-1193 and EIP-6963 over a key of its own and a real node. It
// signs for the chain that it is on and for no other, as the well-known ones do.
import { privateKeyToAccount } from "viem/accounts";

const refusal = (code, message) => Object.assign(new Error(message), { code });

/** `knows` are the chains of its list; the first is the one that it is on. `refuses` are methods that its owner declines. */
export function installWallet({ key, rpcUrl, knows, refuses = {}, info = {} }) {
  const account = privateKeyToAccount(key);
  const chains = new Set(knows);
  const asked = [];
  let current = knows[0];
  const methods = {
    eth_requestAccounts: () => [account.address],
    eth_chainId: () => current,
    wallet_switchEthereumChain([{ chainId }]) {
      if (!chains.has(chainId)) throw refusal(4902, "Unrecognized chain ID.");
      current = chainId;
      return null;
    },
    async wallet_addEthereumChain([{ chainId, rpcUrls }]) {
      // It asks the node that it is told of whether that is the chain, as EIP-3085 wants.
      if ((await rpc(rpcUrls[0], "eth_chainId")) !== chainId) throw refusal(-32602, "The node is on another chain.");
      chains.add(chainId);
      return null;
    },
    eth_signTypedData_v4([address, text]) {
      const { EIP712Domain, ...types } = JSON.parse(text).types;
      const typedData = { ...JSON.parse(text), types };
      if (address.toLowerCase() !== account.address.toLowerCase()) throw refusal(4100, "Not this account.");
      if (!EIP712Domain) throw refusal(-32602, "The domain's type is missing.");
      if (typedData.domain.chainId !== Number(current)) throw refusal(-32603, "Provided chainId must match the active chainId.");
      return account.signTypedData(typedData);
    },
  };
  const provider = {
    async request({ method, params }) {
      asked.push(method);
      if (refuses[method]) throw refusal(refuses[method], "The owner of the wallet declines.");
      return methods[method] ? methods[method](params) : rpc(rpcUrl, method, params);
    },
  };
  const detail = Object.freeze({ info: Object.freeze({ uuid: crypto.randomUUID(), name: "A wallet", icon: "data:image/svg+xml,<svg/>", rdns: "test.wallet", ...info }), provider });
  const announce = () => dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
  addEventListener("eip6963:requestProvider", announce);
  announce();
  return { provider, asked, address: account.address };
}

async function rpc(url, method, params = []) {
  const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }) });
  const { result, error } = await response.json();
  if (error) throw refusal(error.code, error.message);
  return result;
}

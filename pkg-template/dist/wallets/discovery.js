// Which wallets there are (EIP-6963): each announces itself, and again when it is asked to.
import { connectWallet } from "./connect.js";

/** Calls `listener` with all wallets known so far, whenever there is one more. Returns a function that ends this. */
export function watchWallets(listener) {
  const found = new Map();
  const hear = ({ detail }) => {
    const wallet = read(detail);
    // Who announces itself under another's name comes too late.
    if (!wallet || found.has(wallet.uuid)) return;
    found.set(wallet.uuid, wallet);
    listener([...found.values()]);
  };
  addEventListener("eip6963:announceProvider", hear);
  dispatchEvent(new Event("eip6963:requestProvider"));
  return () => removeEventListener("eip6963:announceProvider", hear);
}

/** Any script can announce anything. An icon is a picture that comes along, never an address that is told of the visit. */
function read(detail) {
  const { info, provider } = detail ?? {};
  const { uuid, name, icon, rdns } = info ?? {};
  const isWhole = [uuid, name, icon, rdns].every((text) => typeof text === "string" && text !== "");
  if (!isWhole || !icon.startsWith("data:image/") || typeof provider?.request !== "function") return undefined;
  return Object.freeze({ uuid, name, icon, rdns, provider, connect: (options) => connectWallet(provider, options) });
}

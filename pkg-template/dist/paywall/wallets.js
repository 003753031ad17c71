// The wallets that a person may choose from.
import { LocalWallet, ProviderWallet } from "../payer/wallets.js";

/** Tells of each wallet that announces itself (EIP-6963), and of an old one that only sits in `ethereum`. */
export function findInjected(found) {
  const known = new Set();
  const announced = ({ detail: { info, provider } }) => {
    if (known.has(provider)) return;
    known.add(provider);
    found({ name: info.name, icon: /^data:image\//.test(info.icon) ? info.icon : undefined, connect: () => ProviderWallet.connect(provider) });
  };
  addEventListener("eip6963:announceProvider", announced);
  dispatchEvent(new Event("eip6963:requestProvider"));
  const old = globalThis.ethereum;
  if (known.size === 0 && old) {
    known.add(old);
    found({ connect: () => ProviderWallet.connect(old) });
  }
  return () => removeEventListener("eip6963:announceProvider", announced);
}

/** A key that is gone with the page; where there is a faucet, with something in its pocket. For test money. */
export const burner = (faucet) => ({
  async connect() {
    const wallet = LocalWallet.generate();
    if (faucet) {
      const body = JSON.stringify({ address: wallet.address });
      await fetch(faucet, { method: "POST", headers: { "content-type": "application/json" }, body });
    }
    return wallet;
  },
});

// The wallets that a person may choose from.
import { LocalWallet } from "../payer/wallets.js";
import { connectWallet } from "../wallets/connect.js";
import { watchWallets } from "../wallets/discovery.js";

/** Tells of each wallet that announces itself, and of an old one that only sits in `ethereum`. Answers how to end it. */
export function findInjected(found) {
  const known = new Set();
  const tell = (provider, wallet) => {
    if (known.has(provider)) return;
    known.add(provider);
    found({ ...wallet, connect: () => connectWallet(provider) });
  };
  const stop = watchWallets((wallets) => wallets.forEach(({ provider, name, icon }) => tell(provider, { name, icon })));
  const old = globalThis.ethereum;
  if (known.size === 0 && old) tell(old);
  return stop;
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

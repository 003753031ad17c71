// x402-wasm/wallets: the wallets that a browser's extensions offer.
export { connectWallet } from "./connect.js";
export { watchWallets } from "./discovery.js";

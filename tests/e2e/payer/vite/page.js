// The package as a page's bundler gives it out, for the test to use as a page would.
import { createPayer, LocalWallet } from "x402-wasm";
import { watchWallets } from "x402-wasm/wallets";
import { installWallet } from "../extension.js";

window.kit = { createPayer, installWallet, LocalWallet, watchWallets };

import { createPayer, init, LocalWallet } from "x402-wasm/url";

export async function pay(url, key) {
  await init();
  return createPayer({ wallet: LocalWallet.import(key), networks: ["eip155:84532"] }).fetch(url);
}

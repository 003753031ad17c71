import { createWalletClient, http, toHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { baseSepolia } from "viem/chains";
import { wrapFetchWithPayment } from "../../../tests/interop/legacy/node_modules/x402-fetch/dist/esm/index.mjs";

export function pay(url, key) {
  // It signs without asking the chain, so no URL of one is needed.
  const wallet = createWalletClient({ account: privateKeyToAccount(toHex(key)), transport: http("http://127.0.0.1:9"), chain: baseSepolia });
  return wrapFetchWithPayment(fetch, wallet)(url);
}

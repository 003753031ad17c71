import { ExactEvmScheme } from "@x402/evm/exact/client";
import { wrapFetchWithPayment, x402Client } from "@x402/fetch";
import { toHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";

export function pay(url, key) {
  const client = new x402Client().register("eip155:*", new ExactEvmScheme(privateKeyToAccount(toHex(key))));
  return wrapFetchWithPayment(fetch, client)(url);
}

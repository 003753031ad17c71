import { toHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { PRIMARY_TYPE, TYPES } from "../../shop.mjs";
import { payBy } from "../by-hand.js";

export function pay(url, key) {
  const account = privateKeyToAccount(toHex(key));
  const sign = (domain, message) => account.signTypedData({ domain, types: TYPES, primaryType: PRIMARY_TYPE, message });
  return payBy({ address: account.address, sign }, url);
}

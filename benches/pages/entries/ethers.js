import { hexlify, Wallet } from "ethers";
import { TYPES } from "../../shop.mjs";
import { payBy } from "../by-hand.js";

export function pay(url, key) {
  const wallet = new Wallet(hexlify(key));
  return payBy({ address: wallet.address, sign: (domain, message) => wallet.signTypedData(domain, TYPES, message) }, url);
}

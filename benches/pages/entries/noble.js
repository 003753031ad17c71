import { secp256k1 } from "@noble/curves/secp256k1.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { addressOf, layoutFor } from "../../peers/layout.mjs";
import { payBy } from "../by-hand.js";

export function pay(url, key) {
  const sign = (domain, authorization) => {
    const [recovery, ...rs] = secp256k1.sign(layoutFor(domain)(authorization), key, { prehash: false, format: "recovered" });
    return `0x${bytesToHex(Uint8Array.from(rs))}${(27 + recovery).toString(16)}`;
  };
  return payBy({ address: addressOf(secp256k1.getPublicKey(key, false)), sign }, url);
}

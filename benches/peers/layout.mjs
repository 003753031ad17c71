// The EIP-712 layout written by hand for EIP-3009, as tight as it goes: what is left to the peer is one curve and, in
// most cases, one hash. The domain's separator is made once.
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";

const text = new TextEncoder();
const hashOf = (words) => keccak_256(text.encode(words));

const TYPE = hashOf(
  "TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)",
);
const DOMAIN_TYPE = hashOf("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

/** Hashes authorizations in one asset's domain. */
export function layoutFor({ name, version, chainId, verifyingContract }) {
  const domain = new Uint8Array(160);
  domain.set(DOMAIN_TYPE);
  domain.set(hashOf(name), 32);
  domain.set(hashOf(version), 64);
  number(domain, 96, chainId);
  domain.set(hexToBytes(verifyingContract.slice(2)), 140);
  const struct = new Uint8Array(224);
  struct.set(TYPE);
  const whole = new Uint8Array(66);
  whole.set([0x19, 0x01]);
  whole.set(keccak_256(domain), 2);
  return ({ from, to, value, validAfter, validBefore, nonce }) => {
    struct.set(hexToBytes(from.slice(2)), 44);
    struct.set(hexToBytes(to.slice(2)), 76);
    number(struct, 96, value);
    number(struct, 128, validAfter);
    number(struct, 160, validBefore);
    struct.set(hexToBytes(nonce.slice(2)), 192);
    whole.set(keccak_256(struct), 34);
    return keccak_256(whole);
  };
}

function number(bytes, place, value) {
  let left = BigInt(value);
  for (let at = place + 31; at >= place; at--, left >>= 8n) bytes[at] = Number(left & 0xffn);
}

/** The address of an uncompressed public key, in lower case. */
export const addressOf = (publicKey) => `0x${hex(keccak_256(publicKey.subarray(1)).subarray(12))}`;

export const hex = (bytes) => bytesToHex(Uint8Array.from(bytes));
export const bytes = (text) => hexToBytes(text.slice(2));

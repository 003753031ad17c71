// x402-mock permits with signatures that a chance of one in hundreds would bring: r or s with a whole zero byte in front.
import { parseSignature, toHex } from "viem";
import { USDC, CHAIN_ID } from "../../../www/stage/chain.mjs";

const DOMAIN = { name: "USDC", version: "2", chainId: CHAIN_ID, verifyingContract: USDC };
const TYPES = {
  TransferWithAuthorization: [
    { name: "from", type: "address" },
    { name: "to", type: "address" },
    { name: "value", type: "uint256" },
    { name: "validAfter", type: "uint256" },
    { name: "validBefore", type: "uint256" },
    { name: "nonce", type: "bytes32" },
  ],
};

/** A test's name, which signatures it wants, and how it writes them. */
export const SHORT_FORMS = [
  ["r_without_its_zero_byte", ({ r }) => r.startsWith("0x00"), dropZeros],
  ["s_without_its_zero_byte", ({ s }) => s.startsWith("0x00"), dropZeros],
  ["r_of_odd_length_without_prefix", ({ r }) => /^0x0[^0]/.test(r), (signature) => withoutPrefix(dropZeros(signature))],
];

/** A signed permit for `offer`, with the first nonce that makes a signature as wanted. */
export async function signPermit(account, { payTo, amount }, isWanted) {
  const validBefore = Math.floor(Date.now() / 1000) + 600;
  for (let number = 1n; ; number += 1n) {
    const nonce = toHex(number, { size: 32 });
    const message = { from: account.address, to: payTo, value: amount, validAfter: 0n, validBefore: BigInt(validBefore), nonce };
    const signed = await account.signTypedData({
      domain: DOMAIN,
      types: TYPES,
      primaryType: "TransferWithAuthorization",
      message,
    });
    const { r, s, v } = parseSignature(signed);
    if (!isWanted({ r, s })) continue;
    return {
      permit_type: "ERC3009",
      token: USDC,
      chain_id: CHAIN_ID,
      authorizer: account.address,
      recipient: payTo,
      value: Number(amount),
      validAfter: 0,
      validBefore,
      nonce,
      signature: { signature_type: "ERC3009", v: Number(v), r, s },
    };
  }
}

// As Python's hex() writes a number.
function dropZeros(signature) {
  return { ...signature, r: toHex(BigInt(signature.r)), s: toHex(BigInt(signature.s)) };
}

function withoutPrefix(signature) {
  return { ...signature, r: signature.r.slice(2), s: signature.s.slice(2) };
}

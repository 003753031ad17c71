// Permits as viem signs them, and what anybody may do with them on the local chain.
import { randomBytes } from "node:crypto";
import { encodeFunctionData, parseAbi } from "viem";
import { CHAIN_ID, PERMIT2 } from "../../www/stage/chain.mjs";

const PROXIES = {
  exact: "0x402085c248EeA27D92E8b30b2C58ed07f9E20001",
  upto: "0x4020A4f3b7b90ccA423B9fabCc0CE57C6C240002",
};
const TYPES = {
  PermitWitnessTransferFrom: [
    { name: "permitted", type: "TokenPermissions" },
    { name: "spender", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
    { name: "witness", type: "Witness" },
  ],
  TokenPermissions: [
    { name: "token", type: "address" },
    { name: "amount", type: "uint256" },
  ],
};
const WITNESS = {
  exact: [
    { name: "to", type: "address" },
    { name: "validAfter", type: "uint256" },
  ],
  upto: [
    { name: "to", type: "address" },
    { name: "facilitator", type: "address" },
    { name: "validAfter", type: "uint256" },
  ],
};
const ABI = parseAbi([
  "struct Permitted { address token; uint256 amount; }",
  "struct Permit { Permitted permitted; uint256 nonce; uint256 deadline; }",
  "struct Witness { address to; uint256 validAfter; }",
  "function settle(Permit permit, address owner, Witness witness, bytes signature)",
  "function invalidateUnorderedNonces(uint256 word, uint256 mask)",
]);

/** A payment by Permit2 for `offer`, as x402 v2 writes it. */
export async function signPermit(account, offer, { facilitator = offer.extra.facilitatorAddress } = {}) {
  const spender = PROXIES[offer.scheme];
  const witness = { to: offer.payTo, ...(facilitator && { facilitator }), validAfter: "0" };
  const message = {
    permitted: { token: offer.asset, amount: offer.amount },
    spender,
    nonce: BigInt(`0x${randomBytes(32).toString("hex")}`).toString(),
    deadline: String(Math.floor(Date.now() / 1000) + offer.maxTimeoutSeconds),
    witness,
  };
  const signature = await account.signTypedData({
    domain: { name: "Permit2", chainId: CHAIN_ID, verifyingContract: PERMIT2 },
    types: { ...TYPES, Witness: WITNESS[offer.scheme] },
    primaryType: "PermitWitnessTransferFrom",
    message,
  });
  return { x402Version: 2, accepted: offer, payload: { signature, permit2Authorization: { from: account.address, ...message } } };
}

/** The transaction by which anybody cashes such a payment. */
export function settleCall({ payload: { signature, permit2Authorization } }) {
  const { from, spender, witness, ...permit } = permit2Authorization;
  const args = [permit, from, witness, signature];
  return { to: spender, data: encodeFunctionData({ abi: ABI, functionName: "settle", args }) };
}

/** The transaction by which a payer withdraws a nonce. */
export function withdrawCall(nonce) {
  const args = [BigInt(nonce) >> 8n, 1n << (BigInt(nonce) & 0xffn)];
  return { to: PERMIT2, data: encodeFunctionData({ abi: ABI, functionName: "invalidateUnorderedNonces", args }) };
}

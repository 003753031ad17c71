// What is paid in every contest: one offer, and its payments as a server of x402 v2 sees them.
import { randomBytes } from "node:crypto";
import { recoverTypedDataAddress } from "viem";
import { privateKeyToAccount } from "viem/accounts";

/** anvil's well-known development account 1. */
export const KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
export const account = privateKeyToAccount(KEY);

export const NETWORK = "eip155:84532";
export const ASSET = "0x036CbD53842c5426634e7929541eC2318f3dCF7e";
export const PAYEE = "0x209693Bc6afc0C5328bA36FaF03C514EF312287C";
export const URL = "https://shop.example/film";

export const OFFER = {
  scheme: "exact",
  network: NETWORK,
  amount: "10000",
  asset: ASSET,
  payTo: PAYEE,
  maxTimeoutSeconds: 300,
  extra: { name: "USDC", version: "2" },
};

export const DOMAIN = { name: "USDC", version: "2", chainId: 84532, verifyingContract: ASSET };
export const TYPES = {
  TransferWithAuthorization: [
    { name: "from", type: "address" },
    { name: "to", type: "address" },
    { name: "value", type: "uint256" },
    { name: "validAfter", type: "uint256" },
    { name: "validBefore", type: "uint256" },
    { name: "nonce", type: "bytes32" },
  ],
};
export const PRIMARY_TYPE = "TransferWithAuthorization";

export const now = () => Math.floor(Date.now() / 1_000);

export const toHeader = (document) => Buffer.from(JSON.stringify(document)).toString("base64");
export const fromHeader = (text) => JSON.parse(Buffer.from(text, "base64").toString());

export const CHALLENGE = { x402Version: 2, resource: { url: URL }, accepts: [OFFER] };

/** What a hand-written payer writes into its payment, but for the signature. */
export function authorize({ amount, payTo, maxTimeoutSeconds }) {
  return {
    from: account.address,
    to: payTo,
    value: amount,
    validAfter: "0",
    validBefore: String(now() + maxTimeoutSeconds),
    nonce: `0x${randomBytes(32).toString("hex")}`,
  };
}

/** A payment's header. `changes` replace members before it is signed. */
export async function pay(changes) {
  const authorization = { ...authorize(OFFER), ...changes };
  const signature = await account.signTypedData({ domain: DOMAIN, types: TYPES, primaryType: PRIMARY_TYPE, message: authorization });
  return toHeader(payment(authorization, signature));
}

export const payment = (authorization, signature) => ({
  x402Version: 2,
  resource: { url: URL },
  accepted: OFFER,
  payload: { signature, authorization },
});

/** Throws unless the header is a payment for the offer, by viem's judgement. */
export async function checkPayment(header) {
  const { accepted, payload } = fromHeader(header);
  const { authorization: message, signature } = payload;
  const signer = await recoverTypedDataAddress({ domain: DOMAIN, types: TYPES, primaryType: PRIMARY_TYPE, message, signature });
  const isPaid =
    signer === account.address &&
    message.from === account.address &&
    message.to === PAYEE &&
    message.value === OFFER.amount &&
    accepted.amount === OFFER.amount &&
    Number(message.validBefore) > now();
  if (!isPaid) throw new Error(`not a payment for the offer: ${JSON.stringify({ signer, message })}`);
}

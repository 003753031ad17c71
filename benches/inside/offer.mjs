// The payer of every contest, and its payments as a server of x402 v2 sees them.
import { recoverTypedDataAddress } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { fromHeader, payment, toHeader, typed } from "../peers/payments.mjs";
import { OFFER, PAYEE, now } from "../shop.mjs";

/** anvil's well-known development account 1. */
export const KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
export const account = privateKeyToAccount(KEY);

/** What a hand-written payer writes into its payment, but for the signature. */
export function authorize({ amount, payTo, maxTimeoutSeconds }) {
  const nonce = crypto.getRandomValues(new Uint8Array(32));
  return {
    from: account.address,
    to: payTo,
    value: amount,
    validAfter: "0",
    validBefore: String(now() + maxTimeoutSeconds),
    nonce: `0x${Buffer.from(nonce).toString("hex")}`,
  };
}

/** A payment's header. `changes` replace members before it is signed. */
export async function pay(changes) {
  const authorization = { ...authorize(OFFER), ...changes };
  return toHeader(payment(authorization, await account.signTypedData(typed(authorization))));
}

/** Throws unless the header is a payment for the offer, by viem's judgement. */
export async function checkPayment(header) {
  const { accepted, payload } = fromHeader(header);
  const { authorization: message, signature } = payload;
  const signer = await recoverTypedDataAddress({ ...typed(message), signature });
  const isPaid =
    signer === account.address &&
    message.from === account.address &&
    message.to === PAYEE &&
    message.value === OFFER.amount &&
    accepted.amount === OFFER.amount &&
    Number(message.validBefore) > now();
  if (!isPaid) throw new Error(`not a payment for the offer: ${JSON.stringify({ signer, message })}`);
}

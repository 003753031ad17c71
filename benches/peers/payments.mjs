// What a gate checks of a payment by hand before it asks for the signer: the offer is its own, the window is open, the
// form is strict.
import { ASSET, DOMAIN, NETWORK, OFFER, PAYEE, PRIMARY_TYPE, TYPES, now } from "../shop.mjs";

const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

export const toHeader = (document) => Buffer.from(JSON.stringify(document)).toString("base64");
export const fromHeader = (text) => JSON.parse(Buffer.from(text, "base64").toString());

export const payment = (authorization, signature) => ({
  x402Version: 2,
  accepted: OFFER,
  payload: { signature, authorization },
});

/** What is left is whether the signature is the payer's. */
export function candidate(header) {
  const { x402Version, accepted, payload } = fromHeader(header);
  const { authorization, signature } = payload;
  const isOurs =
    x402Version === 2 &&
    accepted.scheme === OFFER.scheme &&
    accepted.network === NETWORK &&
    accepted.amount === OFFER.amount &&
    accepted.asset.toLowerCase() === ASSET.toLowerCase() &&
    accepted.payTo.toLowerCase() === PAYEE.toLowerCase() &&
    authorization.to.toLowerCase() === PAYEE.toLowerCase() &&
    authorization.value === OFFER.amount;
  const isOpen = Number(authorization.validAfter) <= now() && Number(authorization.validBefore) > now() + 6;
  const isStrict =
    /^0x[0-9a-fA-F]{128}1[bc]$/.test(signature) &&
    /^0x[0-9a-fA-F]{64}$/.test(authorization.nonce) &&
    BigInt(`0x${signature.slice(66, 130)}`) <= HALF_ORDER;
  if (!isOurs || !isOpen || !isStrict) throw new Error("refused");
  return { authorization, signature };
}

/** The same signature with s in the upper half of the order: contracts refuse it. */
export function upperTwin(signature) {
  const order = 2n * HALF_ORDER + 1n;
  const s = (order - BigInt(`0x${signature.slice(66, 130)}`)).toString(16).padStart(64, "0");
  return `${signature.slice(0, 66)}${s}${signature.endsWith("1b") ? "1c" : "1b"}`;
}

export const typed = (message) => ({ domain: DOMAIN, types: TYPES, primaryType: PRIMARY_TYPE, message });

/** The payer, if the signer is the one who is named. */
export function payerOf({ from }, signer) {
  if (signer.toLowerCase() !== from.toLowerCase()) throw new Error("refused");
  return signer.toLowerCase();
}

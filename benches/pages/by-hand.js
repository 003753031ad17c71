// A payer by hand: the first offer, signed, sent. No budget, no checks.

/** `account` has an `address`, and `sign(domain, authorization)` that answers with a signature. */
export async function payBy(account, url) {
  const asked = await fetch(url);
  const challenge = JSON.parse(atob(asked.headers.get("payment-required")));
  const [offer] = challenge.accepts;
  const nonce = crypto.getRandomValues(new Uint8Array(32));
  const authorization = {
    from: account.address,
    to: offer.payTo,
    value: offer.amount,
    validAfter: "0",
    validBefore: String(Math.floor(Date.now() / 1_000) + offer.maxTimeoutSeconds),
    nonce: `0x${Array.from(nonce, (byte) => byte.toString(16).padStart(2, "0")).join("")}`,
  };
  const { name, version } = offer.extra;
  const domain = { name, version, chainId: Number(offer.network.split(":")[1]), verifyingContract: offer.asset };
  const signature = await account.sign(domain, authorization);
  const payment = { x402Version: 2, resource: challenge.resource, accepted: offer, payload: { signature, authorization } };
  return fetch(url, { headers: { "payment-signature": btoa(JSON.stringify(payment)) } });
}

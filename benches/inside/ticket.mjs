// The claims of every ticket: those of ours, which any JWT library can write and read.
import { ASSET, ISSUER, NETWORK, SCOPE, TTL, now } from "../shop.mjs";
import { account } from "./offer.mjs";

/** What a gate knows when it has been paid. */
export const claims = (place = 0, issuedAt = now()) => ({
  iss: ISSUER,
  aud: SCOPE,
  sub: `${NETWORK}:${account.address}`,
  iat: issuedAt,
  exp: issuedAt + TTL,
  jti: place.toString(16).padStart(64, "0"),
  x402: { network: NETWORK, asset: ASSET, amount: "10000" },
});

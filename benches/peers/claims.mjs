// What is left to a gate by libraries that only know JWT.
import { ISSUER, NETWORK, SCOPE, TTL, now } from "../shop.mjs";

/** These claims, if they are good for a ticket; throws otherwise. */
export function checked(payload) {
  const { iss, aud, sub, iat, exp, jti, x402 } = payload;
  const isGood =
    iss === ISSUER &&
    aud === SCOPE &&
    typeof sub === "string" &&
    sub.startsWith(`${NETWORK}:0x`) &&
    Number.isSafeInteger(iat) &&
    Number.isSafeInteger(exp) &&
    typeof jti === "string" &&
    typeof x402?.amount === "string" &&
    now() < exp &&
    iat <= now() + 60 &&
    exp - iat <= TTL;
  if (!isGood) throw new Error("refused");
  return payload;
}

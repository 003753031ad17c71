// The ticket of every contest: the claims of ours, which any JWT library can write and read.
import { account, ASSET, NETWORK, now } from "./offer.mjs";

export const ISSUER = "https://shop.example";
export const SCOPE = "matinee";
export const SECRET = "a secret of the benchmarks, 32 bytes";
export const KID = "bench";
export const TTL = 600;

export const HEADER = { alg: "HS256", kid: KID, typ: "JWT" };

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

/** Throws unless these claims are good for a ticket: what is left to a gate by libraries that only know JWT. */
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

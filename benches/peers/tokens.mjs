// HS256 tokens by the libraries that people use, and by hand on four implementations of the MAC. `write(claims)` gives a
// text; `read(text)` gives its payload after the MAC was compared, and may leave the claims to the caller.
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { equalBytes } from "@noble/curves/utils.js";
import { sign as signWithHono, verify as verifyWithHono } from "hono/jwt";
import { SignJWT, jwtVerify } from "jose";
import jsonwebtoken from "jsonwebtoken";
import { createHmac, createSecretKey, timingSafeEqual } from "node:crypto";
import { HEADER, ISSUER, KID, SCOPE, SECRET } from "../shop.mjs";

const text = new TextEncoder();
const bytes = text.encode(SECRET);
const hmacSha256 = { name: "HMAC", hash: "SHA-256" };
const webKey = await crypto.subtle.importKey("raw", bytes, hmacSha256, false, ["sign", "verify"]);
const nodeKey = createSecretKey(bytes);
const nobleKey = hmac.create(sha256, bytes);

const encode = (value) => Buffer.from(value).toString("base64url");
const decode = (value) => Buffer.from(value, "base64url");
const head = encode(JSON.stringify(HEADER));

const signed = (claims) => `${head}.${encode(JSON.stringify(claims))}`;

/** The parts of a token whose header is the one that we write. */
function parts(token) {
  const [header, payload, tag, ...more] = token.split(".");
  if (tag === undefined || more.length > 0) throw new Error("refused");
  const { alg, kid } = JSON.parse(decode(header));
  if (alg !== "HS256" || kid !== KID) throw new Error("refused");
  return { input: `${header}.${payload}`, payload, tag: decode(tag) };
}

const opened = (isGood, payload) => {
  if (!isGood) throw new Error("refused");
  return JSON.parse(decode(payload));
};

export const libraries = [
  {
    name: "jose",
    package: "jose",
    isAsync: true,
    write: (claims) => new SignJWT(claims).setProtectedHeader(HEADER).sign(webKey),
    read: async (token) => (await jwtVerify(token, webKey, { issuer: ISSUER, audience: SCOPE, algorithms: ["HS256"] })).payload,
  },
  {
    name: "hono/jwt",
    package: "hono",
    isAsync: true,
    write: (claims) => signWithHono(claims, SECRET, "HS256"),
    read: (token) => verifyWithHono(token, SECRET, { alg: "HS256", iss: ISSUER, aud: SCOPE }),
  },
  {
    name: "jsonwebtoken",
    package: "jsonwebtoken",
    write: (claims) => jsonwebtoken.sign(claims, nodeKey, { algorithm: "HS256", keyid: KID }),
    read: (token) => jsonwebtoken.verify(token, nodeKey, { algorithms: ["HS256"], issuer: ISSUER, audience: SCOPE }),
  },
  {
    name: "WebCrypto, by hand",
    isAsync: true,
    write: async (claims) => {
      const input = signed(claims);
      return `${input}.${encode(await crypto.subtle.sign("HMAC", webKey, text.encode(input)))}`;
    },
    read: async (token) => {
      const { input, payload, tag } = parts(token);
      return opened(await crypto.subtle.verify("HMAC", webKey, tag, text.encode(input)), payload);
    },
  },
  {
    name: "node:crypto, by hand",
    write: (claims) => {
      const input = signed(claims);
      return `${input}.${createHmac("sha256", nodeKey).update(input).digest("base64url")}`;
    },
    read: (token) => {
      const { input, payload, tag } = parts(token);
      const own = createHmac("sha256", nodeKey).update(input).digest();
      return opened(tag.length === own.length && timingSafeEqual(tag, own), payload);
    },
  },
  {
    name: "@noble/hashes, by hand",
    package: "@noble/hashes",
    write: (claims) => {
      const input = signed(claims);
      return `${input}.${encode(nobleKey.clone().update(text.encode(input)).digest())}`;
    },
    read: (token) => {
      const { input, payload, tag } = parts(token);
      return opened(equalBytes(tag, nobleKey.clone().update(text.encode(input)).digest()), payload);
    },
  },
];

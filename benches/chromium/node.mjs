// What the contests use of Node, for a page: inputs are made with it, and peers by hand encode with it.
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

class Bytes extends Uint8Array {
  toString(encoding) {
    if (encoding === "hex") return bytesToHex(this);
    if (!encoding?.startsWith("base64")) return decoder.decode(this);
    const text = btoa(String.fromCharCode(...this));
    return encoding === "base64" ? text : text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  }
}

export const Buffer = {
  from(value, encoding) {
    if (typeof value !== "string") return Bytes.from(new Uint8Array(value));
    if (!encoding?.startsWith("base64")) return Bytes.from(encoder.encode(value));
    const text = atob(value.replaceAll("-", "+").replaceAll("_", "/"));
    return Bytes.from(text, (letter) => letter.charCodeAt(0));
  },
};

export function createHmac(_hash, secret) {
  const mac = hmac.create(sha256, typeof secret === "string" ? encoder.encode(secret) : secret);
  const own = {
    update: (text) => (mac.update(encoder.encode(text)), own),
    digest: (encoding) => (encoding ? Bytes.from(mac.digest()).toString(encoding) : mac.digest()),
  };
  return own;
}

export const createSecretKey = (bytes) => bytes;
export const timingSafeEqual = undefined;
export default {};

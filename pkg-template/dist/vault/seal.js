// Sealing a key with a key that never leaves WebCrypto.
import { X402Error } from "../errors.js";

/** Bytes outside of the engine's heap: small arrays inside it are moved about, and leave copies that nobody wipes. */
export const outsideBytes = (length) => new Uint8Array(new ArrayBuffer(length));

/** A key of this browser. It can be used here and read nowhere. */
export const makeDeviceKey = () => crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);

/** The key that 32 secret bytes stand for; wipes them. */
export async function deriveKey(secret, salt) {
  try {
    const base = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
    const derivation = { name: "HKDF", hash: "SHA-256", salt, info: new TextEncoder().encode("x402-wasm vault") };
    return await crypto.subtle.deriveKey(derivation, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  } finally {
    new Uint8Array(secret).fill(0);
  }
}

/** The secret as it may lie on a disk, tied to the account that it is the key of. */
export async function seal(key, secret, address) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, box: await crypto.subtle.encrypt(cipher(iv, address), key, secret) };
}

/** The secret, in bytes that the caller wipes. */
export async function unseal(key, { iv, box }, address) {
  try {
    return new Uint8Array(await crypto.subtle.decrypt(cipher(iv, address), key, box));
  } catch {
    throw new X402Error("vault_damaged", "The vault does not open with its key: it was changed, or it is another's.");
  }
}

const cipher = (iv, address) => ({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(address) });

// The paying key's way from a file or the environment into wasm, as bytes that are wiped (S76).
import { readFileSync, statSync } from "node:fs";
import { LocalWallet } from "../entry/full.fast.js";
import { X402Error } from "../errors.js";

/** The wallet; undefined where there is no key. */
export function loadWallet({ keyFile }, env) {
  const text = keyFile === undefined ? fromEnvironment(env) : fromFile(keyFile);
  if (!text) return undefined;
  try {
    return LocalWallet.import(bytesOf(text));
  } finally {
    text.fill(0);
  }
}

function fromFile(path) {
  try {
    const exposed = process.platform !== "win32" && statSync(path).mode & 0o077;
    if (!exposed) return readFileSync(path);
  } catch (error) {
    throw new X402Error("invalid_option", `The key file cannot be read: ${error.code}.`);
  }
  throw new X402Error("key_file_exposed", `Others may read the key file: chmod 600 ${path}`);
}

/** A variable is a string that nobody can wipe, and it stays readable for this user's processes: a file is better. */
function fromEnvironment(env) {
  const text = env.X402_KEY && Buffer.from(env.X402_KEY, "latin1");
  delete env.X402_KEY;
  return text;
}

/** 64 hex digits with or without 0x, and a line's end. */
function bytesOf(text) {
  let end = text.length;
  while (end > 0 && text[end - 1] <= 0x20) end -= 1;
  const start = text[0] === 0x30 && text[1] === 0x78 ? 2 : 0;
  const key = new Uint8Array(32);
  let isKey = end - start === 64;
  for (let place = 0; isKey && place < 64; place += 1) {
    const digit = digitOf(text[start + place]);
    isKey = digit !== undefined;
    key[place >> 1] = (key[place >> 1] << 4) | digit;
  }
  if (isKey) return key;
  key.fill(0);
  throw new X402Error("invalid_option", "The key is 0x and 64 hex digits, and nothing else.");
}

function digitOf(letter) {
  if (letter >= 0x30 && letter <= 0x39) return letter - 0x30;
  const lower = letter | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : undefined;
}

// The versions of what is measured, as it lies in the folders of npm.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const PACKAGES = [
  "x402-wasm",
  "@bitauth/libauth",
  "tiny-secp256k1",
  "@noble/curves",
  "@noble/hashes",
  "micro-eth-signer",
  "viem",
  "ethers",
  "@x402/evm",
  "@x402/fetch",
  "@x402/hono",
  "jose",
  "hono",
  "jsonwebtoken",
  "workerd",
  "esbuild",
];
/** The packages of x402 v1 lie apart. */
const LEGACY = ["x402-fetch", "x402-hono"];
const LEGACY_HOME = new URL("../../tests/interop/legacy/package.json", import.meta.url);

/** Names and numbers. */
export function versions() {
  const listed = (names, from) => names.map((name) => [name, versionOf(name, from)]);
  return [...listed(PACKAGES, import.meta.url), ...listed(LEGACY, LEGACY_HOME)];
}

function versionOf(name, from) {
  for (const folder of createRequire(from).resolve.paths(name)) {
    try {
      return JSON.parse(readFileSync(`${folder}/${name}/package.json`, "utf8")).version;
    } catch {
      // One folder further up.
    }
  }
  throw new Error(`${name} is not installed`);
}

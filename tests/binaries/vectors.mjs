// What is asked, and what independent implementations say to it: viem's curve and its typed data, the hostile corpus, and
// the keys of the vectors beside the repository.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { hashTypedData, keccak256, numberToHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";

export const NOW = 1_740_672_100;
export const NETWORK = "eip155:84532";
export const PAYEE = "0x209693Bc6afc0C5328bA36FaF03C514EF312287C";
const ASSET = "0x036CbD53842c5426634e7929541eC2318f3dCF7e";
export const OFFER = {
  scheme: "exact",
  network: NETWORK,
  amount: "10000",
  asset: ASSET,
  payTo: PAYEE,
  maxTimeoutSeconds: 60,
  extra: { name: "USDC", version: "2" },
};
const TYPES = {
  TransferWithAuthorization: [
    { name: "from", type: "address" },
    { name: "to", type: "address" },
    { name: "value", type: "uint256" },
    { name: "validAfter", type: "uint256" },
    { name: "validBefore", type: "uint256" },
    { name: "nonce", type: "bytes32" },
  ],
};
const DOMAIN = { name: "USDC", version: "2", chainId: 84532, verifyingContract: ASSET };
const REFUSED = "invalid_exact_evm_signature";

/** The curve's order, and its endomorphism's eigenvalue, at which scalars are split for speed. */
const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const LAMBDA = 0x5363ad4cc05c30e0a5261c028812645a122e22ea20816678df02967c1b23bd72n;
const EDGES = [1n, 2n, 3n, N - 1n, N - 2n, (N - 1n) / 2n, LAMBDA, N - LAMBDA, N - 1n - LAMBDA, 2n ** 127n, 2n ** 128n - 1n, 2n ** 128n, 2n ** 255n];

const word = (number) => numberToHex(number, { size: 32 });
const mod = (number) => ((number % N) + N) % N;
export const digestOf = (message) => hashTypedData({ domain: DOMAIN, types: TYPES, primaryType: "TransferWithAuthorization", message });
export const toHeader = (document) => Buffer.from(JSON.stringify(document)).toString("base64");

function inverse(number) {
  let [a, b, x, y] = [number, N, 1n, 0n];
  while (b > 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
  return mod(x);
}

/** ECDSA with a nonce of our choice: low s, and whether R's y is odd. */
function signed(digest, key, nonce) {
  const point = privateKeyToAccount(word(nonce)).publicKey;
  const r = BigInt(`0x${point.slice(4, 68)}`);
  const s = mod(inverse(nonce) * (BigInt(digest) + r * key));
  const isHigh = s > N / 2n;
  return { r, s: isHigh ? N - s : s, isOdd: (BigInt(`0x${point.slice(68)}`) % 2n === 1n) !== isHigh };
}

const written = ({ r, s, isOdd }, v = isOdd ? "1c" : "1b") => `${word(r)}${word(s).slice(2)}${v}`;

function paymentOf(key, nonce, change = written) {
  const from = privateKeyToAccount(word(key)).address;
  const message = {
    from,
    to: PAYEE,
    value: "10000",
    validAfter: "0",
    validBefore: String(NOW + 60),
    nonce: keccak256(`${word(key)}${word(nonce).slice(2)}`),
  };
  const signature = change(signed(digestOf(message), key, nonce));
  return toHeader({ x402Version: 2, accepted: OFFER, payload: { signature, authorization: message } });
}

/** What spoils a signature. */
const FLAWS = {
  "the other v": (own) => written({ ...own, isOdd: !own.isOdd }),
  "v as 0 or 1": (own) => written(own, own.isOdd ? "01" : "00"),
  "the upper twin": (own) => written({ ...own, s: N - own.s, isOdd: !own.isOdd }),
  "s one more": (own) => written({ ...own, s: own.s + 1n }),
  "r one more": (own) => written({ ...own, r: own.r + 1n }),
  "r above the order": (own) => written({ ...own, r: own.r + N > 2n ** 256n ? N : own.r + N }),
  "no r": (own) => written({ ...own, r: 0n }),
  "no s": (own) => written({ ...own, s: 0n }),
};

function* scalars(count) {
  for (let seed = keccak256("0x"); count > 0; count--) yield mod(BigInt((seed = keccak256(seed))));
}

/** `{name, header, expected}`: the code of a refusal, "" for what is good. */
export function payments() {
  const all = [];
  for (const [i, key] of EDGES.entries()) {
    for (const [j, nonce] of EDGES.entries()) all.push({ name: `key ${i}, nonce ${j}`, header: paymentOf(key, nonce), expected: "" });
  }
  for (const key of scalars(64)) {
    all.push({ name: `key ${key}`, header: paymentOf(key, mod(key * key)), expected: "" });
  }
  for (const key of scalars(16)) {
    for (const [flaw, change] of Object.entries(FLAWS)) all.push({ name: `${flaw}, key ${key}`, header: paymentOf(key, mod(key * key), change), expected: REFUSED });
  }
  return all;
}

/** The corpus of hostile payments, as far as a `Request` carries such a header; what is good or bad of it is in the file. */
export function hostile() {
  const file = read("hostile/payments.json");
  const isHeader = (text) => text.length < 100_000 && /^[\t\x20-\x7e]+$/.test(text);
  return (file?.cases ?? []).filter(({ header }) => isHeader(header)).map(({ id, header, expect }) => ({ name: id, header, verdict: expect.split(/[ (]/)[0] }));
}

/** `{key, address}`: edges by viem, and the vectors' own. */
export function keys() {
  const edges = EDGES.map((key) => ({ key: word(key), address: privateKeyToAccount(word(key)).address }));
  const cases = read("generated/typed-data-3way.json")?.cases ?? [];
  return [...edges, ...cases.map(({ privateKey, signer }) => ({ key: privateKey, address: signer }))];
}

export const bytesOf = (key) => [...Buffer.from(key.slice(2), "hex")];

function read(name) {
  const folder = process.env.X402_VECTORS ?? fileURLToPath(new URL("../../../shared/vectors", import.meta.url));
  if (existsSync(folder)) return JSON.parse(readFileSync(`${folder}/${name}`, "utf8"));
  if (process.env.CI === "true") throw new Error(`CI=true, and there are no vectors in ${folder}`);
}

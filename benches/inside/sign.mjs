// From an offer to a payment: the header of a 402 goes in, the header of the paid request comes out.
import { secp256k1 as libauth } from "@bitauth/libauth";
import { secp256k1 as noble } from "@noble/curves/secp256k1.js";
import { x402Client } from "@x402/core/client";
import { ExactEvmScheme } from "@x402/evm/exact/client";
import { Wallet } from "ethers";
import { signTyped } from "micro-eth-signer";
import * as tiny from "tiny-secp256k1";
import { addressOf, bytes, hex, layoutFor } from "../peers/layout.mjs";
import { ourPayer } from "../peers/payer.mjs";
import { fromHeader, payment, toHeader, typed } from "../peers/payments.mjs";
import { CHALLENGE, DOMAIN, TYPES } from "../shop.mjs";
import { KEY, account, authorize, checkPayment } from "./offer.mjs";

const layout = layoutFor(DOMAIN);
const key = bytes(KEY);
const wallet = new Wallet(KEY);
const stock = new x402Client().register("eip155:*", new ExactEvmScheme(account));
const DOMAIN_FIELDS = [
  { name: "name", type: "string" },
  { name: "version", type: "string" },
  { name: "chainId", type: "uint256" },
  { name: "verifyingContract", type: "address" },
];

/** A payer by hand: reads the offer, takes the first, has it signed. */
const byHand = (sign) => (header) => {
  const [offer] = fromHeader(header).accepts;
  const authorization = authorize(offer);
  return toHeader(payment(authorization, sign(authorization)));
};
const byHandLater = (sign) => async (header) => {
  const [offer] = fromHeader(header).accepts;
  const authorization = authorize(offer);
  return toHeader(payment(authorization, await sign(authorization)));
};

/** 65 bytes as contracts read them. */
const joined = (rs, recovery) => `0x${hex(rs)}${(27 + recovery).toString(16)}`;

const big = ({ value, validAfter, validBefore, ...rest }) => ({
  ...rest,
  value: BigInt(value),
  validAfter: BigInt(validAfter),
  validBefore: BigInt(validBefore),
});

if (addressOf(noble.getPublicKey(key, false)) !== account.address.toLowerCase()) throw new Error("the key is another account's");

export const sign = {
  id: "sign",
  title: "Sign a payment",
  work: "PAYMENT-REQUIRED header in, PAYMENT-SIGNATURE header out: read the offer, draw a nonce, hash the typed data, sign, write.",
  goals: [
    { most: 0.8, of: "@bitauth/libauth, layout by hand" },
    { most: 0.8, of: "tiny-secp256k1, layout by hand" },
  ],
  inputs: () => Array.from({ length: 16 }, () => toHeader(CHALLENGE)),
  check: checkPayment,
  contestants: [
    { name: "x402-wasm", package: "x402-wasm", isOurs: true, work: ourPayer() },
    {
      name: "@bitauth/libauth, layout by hand",
      package: "@bitauth/libauth",
      work: byHand((authorization) => {
        const { signature, recoveryId } = libauth.signMessageHashRecoverableCompact(key, layout(authorization));
        return joined(signature, recoveryId);
      }),
    },
    {
      name: "tiny-secp256k1, layout by hand",
      package: "tiny-secp256k1",
      work: byHand((authorization) => {
        const { signature, recoveryId } = tiny.signRecoverable(layout(authorization), key);
        return joined(signature, recoveryId);
      }),
    },
    {
      name: "@noble/curves, layout by hand",
      package: "@noble/curves",
      work: byHand((authorization) => {
        const [recovery, ...rs] = noble.sign(layout(authorization), key, { prehash: false, format: "recovered" });
        return joined(rs, recovery);
      }),
    },
    {
      name: "micro-eth-signer",
      package: "micro-eth-signer",
      work: byHand((authorization) =>
        signTyped(
          { ...typed(big(authorization)), types: { ...TYPES, EIP712Domain: DOMAIN_FIELDS }, domain: { ...DOMAIN, chainId: 84532n } },
          KEY,
          false,
        ),
      ),
    },
    {
      name: "viem",
      package: "viem",
      isAsync: true,
      work: byHandLater((message) => account.signTypedData(typed(message))),
    },
    {
      name: "ethers",
      package: "ethers",
      isAsync: true,
      work: byHandLater((message) => wallet.signTypedData(DOMAIN, TYPES, message)),
    },
    {
      name: "@x402/evm",
      package: "@x402/evm",
      isAsync: true,
      work: async (header) => toHeader(await stock.createPaymentPayload(fromHeader(header))),
    },
  ],
};

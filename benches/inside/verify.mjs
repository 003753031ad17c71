// From the header of a paid request to the payer, or to a refusal: everything that a signature alone can tell.
import { secp256k1 as libauth } from "@bitauth/libauth";
import { secp256k1 as noble } from "@noble/curves/secp256k1.js";
import { x402Facilitator } from "@x402/core/facilitator";
import { ExactEvmScheme } from "@x402/evm/exact/facilitator";
import { verifyTypedData as verifyWithEthers } from "ethers";
import { recoverAddressTyped } from "micro-eth-signer";
import * as tiny from "tiny-secp256k1";
import { recoverTypedDataAddress, verifyTypedData } from "viem";
import { ourContestants } from "../peers/gate.mjs";
import { addressOf, bytes, layoutFor } from "../peers/layout.mjs";
import { candidate, fromHeader, payerOf, toHeader, typed, upperTwin } from "../peers/payments.mjs";
import { ASSET, DOMAIN, NETWORK, OFFER, PAYEE, TYPES, now } from "../shop.mjs";
import { account, pay } from "./offer.mjs";

const layout = layoutFor(DOMAIN);
const EIP712_DOMAIN = [
  { name: "name", type: "string" },
  { name: "version", type: "string" },
  { name: "chainId", type: "uint256" },
  { name: "verifyingContract", type: "address" },
];

const byHand = (recover) => (header) => {
  const { authorization, signature } = candidate(header);
  return payerOf(authorization, recover(authorization, signature));
};
const byHandLater = (recover) => async (header) => {
  const { authorization, signature } = candidate(header);
  return payerOf(authorization, await recover(authorization, signature));
};
/** The same for a peer's curve: 64 bytes, the recovery bit, the hash. */
const byCurve = (recover) =>
  byHand((authorization, signature) => {
    const all = bytes(signature);
    return addressOf(recover(all.subarray(0, 64), all[64] - 27, layout(authorization)));
  });

// Its chain is not asked here either: the balance is there and the simulation succeeds, without a wait.
const chain = {
  getAddresses: () => [PAYEE],
  readContract: async ({ functionName }) => (functionName === "balanceOf" ? 10n ** 12n : functionName === "authorizationState" ? false : undefined),
  verifyTypedData: async ({ address, domain, types, primaryType, message, signature }) =>
    verifyTypedData({ address, domain, types, primaryType, message, signature }),
  getCode: async ({ address }) => (address.toLowerCase() === ASSET.toLowerCase() ? "0x01" : "0x"),
};
const facilitator = new x402Facilitator().register(NETWORK, new ExactEvmScheme(chain));

const changed = async (change) => {
  const document = fromHeader(await pay());
  change(document.payload, document.accepted);
  return toHeader(document);
};

export const verify = {
  id: "verify",
  title: "Verify a payment",
  work: "PAYMENT-SIGNATURE header in, payer or refusal out: read, compare with the own offer, check the window, hash the typed data, recover the signer.",
  goals: [{ most: 0.09, of: "viem" }],
  inputs: async () => Promise.all(Array.from({ length: 32 }, () => pay())),
  check: (payer) => {
    if (payer !== account.address.toLowerCase()) throw new Error(`the payer is ${account.address}, not ${payer}`);
  },
  bad: async () => ({
    "a flipped bit of the signature": await changed((payload) => {
      payload.signature = `${payload.signature.slice(0, 20)}${payload.signature[20] === "0" ? "1" : "0"}${payload.signature.slice(21)}`;
    }),
    "another amount than was signed": await changed((payload) => (payload.authorization.value = "10001")),
    "less than the offer": await pay({ value: "9999" }),
    "somebody else's payee": await pay({ to: account.address }),
    "a window that is over": await pay({ validBefore: String(now() - 1) }),
    "another nonce than was signed": await changed((payload) => (payload.authorization.nonce = `0x${"12".repeat(32)}`)),
    "the upper twin of a signature": await changed((payload) => (payload.signature = upperTwin(payload.signature))),
  }),
  contestants: [
    ...ourContestants(({ verifyPayment }) => ({ work: verifyPayment })),
    {
      name: "@bitauth/libauth, layout by hand",
      package: "@bitauth/libauth",
      work: byCurve((rs, bit, hash) => libauth.recoverPublicKeyUncompressed(rs, bit, hash)),
    },
    { name: "tiny-secp256k1, layout by hand", package: "tiny-secp256k1", work: byCurve((rs, bit, hash) => tiny.recover(hash, rs, bit)) },
    {
      name: "@noble/curves, layout by hand",
      package: "@noble/curves",
      work: byCurve((rs, bit, hash) => noble.Signature.fromBytes(rs).addRecoveryBit(bit).recoverPublicKey(hash).toBytes(false)),
    },
    {
      name: "micro-eth-signer",
      package: "micro-eth-signer",
      work: byHand((authorization, signature) => {
        const message = { ...authorization };
        for (const name of ["value", "validAfter", "validBefore"]) message[name] = BigInt(message[name]);
        const domain = { ...DOMAIN, chainId: 84532n };
        return recoverAddressTyped(signature, { ...typed(message), domain, types: { ...TYPES, EIP712Domain: EIP712_DOMAIN } });
      }),
    },
    {
      name: "viem",
      package: "viem",
      isAsync: true,
      work: byHandLater((message, signature) => recoverTypedDataAddress({ ...typed(message), signature })),
    },
    {
      name: "ethers",
      package: "ethers",
      work: byHand((message, signature) => verifyWithEthers(DOMAIN, TYPES, message, signature)),
    },
    {
      name: "@x402/evm",
      package: "@x402/evm",
      isAsync: true,
      work: async (header) => {
        // Its own check is of the window, the payee and the amount; a twin of a signature it would pay for.
        candidate(header);
        const { isValid, payer } = await facilitator.verify(fromHeader(header), OFFER);
        if (!isValid) throw new Error("refused");
        return payer.toLowerCase();
      },
    },
  ],
};

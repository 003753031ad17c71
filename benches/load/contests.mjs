// What the workers are asked under load, and what they have to answer.
import { createHmac } from "node:crypto";
import { secp256k1 } from "@bitauth/libauth";
import { KEY, authorize } from "../inside/offer.mjs";
import { claims } from "../inside/ticket.mjs";
import { bytes, hex, layoutFor } from "../peers/layout.mjs";
import { payment, toHeader } from "../peers/payments.mjs";
import { DOMAIN, HEADER, OFFER, SECRET } from "../shop.mjs";
import { FAST, WHOLE } from "./entries.mjs";

const encode = (value) => Buffer.from(value).toString("base64url");
const layout = layoutFor(DOMAIN);
const key = bytes(KEY);

function ticket(place) {
  const input = `${encode(JSON.stringify(HEADER))}.${encode(JSON.stringify(claims(place)))}`;
  return { headers: { authorization: `Bearer ${input}.${createHmac("sha256", SECRET).update(input).digest("base64url")}` } };
}

function paid() {
  const authorization = authorize(OFFER);
  const { signature, recoveryId } = secp256k1.signMessageHashRecoverableCompact(key, layout(authorization));
  return { headers: { "payment-signature": toHeader(payment(authorization, `0x${hex(signature)}${(27 + recoveryId).toString(16)}`)) } };
}

const isServed = ({ status, text }) => status === 200 && text === "the film";
const isTurnedAway = ({ status }) => [400, 401, 402].includes(status);
function isChallenge({ status, headers, text }) {
  if (status !== 402) return false;
  const header = headers["payment-required"];
  const [{ payTo, amount, maxAmountRequired }] = JSON.parse(header ? atob(header) : text).accepts;
  return payTo === OFFER.payTo && (amount ?? maxAmountRequired) === OFFER.amount;
}
const spoilt = ({ headers }) => {
  const [[name, value]] = Object.entries(headers);
  // Within the MAC, or within the nonce that was signed.
  const place = value.length - 20;
  return { headers: { [name]: value.slice(0, place) + (value[place] === "A" ? "B" : "A") + value.slice(place + 1) } };
};

const tickets = Array.from({ length: 2_048 }, (_, place) => ticket(place));

/** `fresh(count)` makes requests; `isGood` judges an answer; a `bad` one has to be turned away. */
export const contests = [
  {
    id: "ticket",
    title: "A request with a ticket",
    work: "The route is found, the ticket checked, the film served. The host's own share is a worker that reads and sets as many headers as ours and checks nothing.",
    goals: [{ most: 12, unit: "µs" }],
    fresh: (count) => Array.from({ length: count }, (_, place) => tickets[place % tickets.length]),
    isGood: isServed,
    bad: () => ({ request: spoilt(ticket(0)), isGood: isTurnedAway, notFor: ["floor-ticket"] }),
    workers: [
      WHOLE,
      FAST,
      ["jose", "jose"],
      ["hono and hono/jwt", "hono-jwt"],
      ["WebCrypto, by hand", "webcrypto"],
      ["@noble/hashes, by hand", "noble"],
      ["the host's own share", "floor-ticket"],
    ],
  },
  {
    id: "challenge",
    title: "A request without anything",
    work: "A 402 with its challenge in the header of x402 v2, and in the body of v1; of x402-hono in its body alone. The host's own share is a worker that sends the same bytes to everybody.",
    goals: [{ most: 12, unit: "µs" }],
    fresh: (count) => Array.from({ length: count }, () => ({ headers: { accept: "*/*" } })),
    isGood: isChallenge,
    workers: [
      WHOLE,
      FAST,
      ["by hand", "by-hand"],
      ["@x402/hono", "x402-hono-v2"],
      ["x402-hono", "x402-hono-v1"],
      ["the host's own share", "floor-challenge"],
    ],
  },
  {
    id: "payment",
    title: "A request with a payment",
    work: "The payment is verified, written down so that it is good only once, the film served. Ours keeps a ledger's record and hands out a ticket. @x402/hono does not verify itself: it asks a facilitator twice, whose own time is not counted.",
    fresh: (count) => Array.from({ length: count }, paid),
    isGood: isServed,
    bad: () => ({ request: spoilt(paid()), isGood: isTurnedAway, notFor: ["x402-hono-v2"] }),
    workers: [
      WHOLE,
      FAST,
      ["@bitauth/libauth, by hand", "libauth"],
      ["viem, by hand", "viem"],
      ["@x402/hono", "x402-hono-v2"],
    ],
  },
];

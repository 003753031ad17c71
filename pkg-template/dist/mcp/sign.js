// sign_payment: the payer meets a server that is not there, and what it would have sent is the answer.
import { decodePaymentRequiredHeader, wrapFetchWithPayment } from "../entry/full.fast.js";
import { X402Error } from "../errors.js";
import { checkOrigin } from "./origins.js";

const HEADERS = ["payment-signature", "x-payment"];

export async function signPayment(payer, origins, { url, challenge, maxAmount }) {
  checkOrigin(url, origins);
  const asked = unanswered(challenge);
  const { href } = new URL(url);
  let paid;
  const news = ({ detail }) => detail.url === href && (paid = detail);
  let signed;
  const nobody = async (input, init) => {
    const headers = new Headers(init?.headers);
    const name = HEADERS.find((name) => headers.has(name));
    if (!name) return new Response(asked.body, { status: 402, headers: asked.headers });
    signed = { [name.toUpperCase()]: headers.get(name) };
    return new Response();
  };
  payer.addEventListener("payment", news);
  try {
    // With an Authorization of its own a request is paid for on the resource: no ticket is bought, and none is used up.
    await wrapFetchWithPayment(nobody, payer)(href, { headers: { authorization: "none" }, maxAmount });
  } finally {
    payer.removeEventListener("payment", news);
  }
  if (!signed) throw new X402Error("unreadable_challenge", "Nothing in this challenge asks for an x402 payment.");
  // An earlier payment for the same, whose answer was lost, is handed out again and was told then.
  const { amount, symbol, network, payTo, validBefore } = paid ?? {};
  return { headers: signed, amount, symbol, network, payTo, validBefore };
}

/** The challenge as a server would send it, without the office that x402-mock's body names. */
function unanswered(text) {
  const document = parsed(text.trim());
  if (document?.scheme) return withHeader({ x402Version: 2, accepts: [document] });
  if (document?.x402Version === 2) return withHeader(document);
  if (document?.x402Version === 1) return { body: JSON.stringify({ x402Version: 1, accepts: document.accepts }), headers: {} };
  throw new X402Error("unreadable_challenge", "challenge is a PAYMENT-REQUIRED header, an x402 challenge as JSON, or one of its offers.");
}

function parsed(text) {
  if (!text.startsWith("{")) return decodePaymentRequiredHeader(text);
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function withHeader(document) {
  return { body: "{}", headers: { "payment-required": Buffer.from(JSON.stringify(document)).toString("base64") } };
}

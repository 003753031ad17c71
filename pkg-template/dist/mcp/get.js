// get_with_payment: a request, paid for where it has to be, and told without anything that opens or spends.
import { decodePaymentResponseHeader } from "../entry/full.fast.js";
import { checkOrigin } from "./origins.js";
import { readText } from "./text.js";

const PATIENCE_MS = 60_000;
/** They hold tickets and sessions. */
const SECRET = new Set(["payment-response", "x-payment-response", "set-cookie"]);

export async function getWithPayment(payer, origins, { url, ...init }, signal) {
  checkOrigin(url, origins);
  const { href } = new URL(url);
  const news = listen(payer, href);
  try {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
    // Redirects are told, not followed: they may lead where nothing may be fetched.
    const response = await payer.fetch(href, { ...init, redirect: "manual", signal: patience });
    const headers = [...response.headers].filter(([name]) => !SECRET.has(name));
    return {
      status: response.status,
      headers: Object.fromEntries(headers),
      ...(await readText(response)),
      ...news.receipt(response.headers.get("payment-response")),
    };
  } finally {
    news.end();
  }
}

/** What this request bought. Others that wait for the same ticket share one payment, and each is told of it. */
function listen(payer, url) {
  let paid, ticket;
  const onPayment = ({ detail }) => detail.url === url && (paid = detail);
  const onTicket = ({ detail }) => detail.origin === new URL(url).origin && (ticket = detail);
  payer.addEventListener("payment", onPayment);
  payer.addEventListener("ticket", onTicket);
  return {
    receipt(header) {
      if (!paid) return {};
      const { amount, symbol, network, payTo } = paid;
      const { transaction } = header ? decodePaymentResponseHeader(header) : {};
      return { receipt: { amount, symbol, network, payTo, jti: ticket?.jti, transaction: transaction || undefined } };
    },
    end() {
      payer.removeEventListener("payment", onPayment);
      payer.removeEventListener("ticket", onTicket);
    },
  };
}

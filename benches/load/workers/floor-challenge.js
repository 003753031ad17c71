// The least that a gate can do without a ticket: the same bytes for everybody, with as many headers as ours.
import { FILM, OFFER } from "../../shop.mjs";

const old = { ...OFFER, network: "base-sepolia", maxAmountRequired: OFFER.amount, resource: FILM, description: "", mimeType: "" };
const body = JSON.stringify({ x402Version: 1, error: "payment_required", accepts: [old] });
const headers = {
  "content-type": "application/json",
  "cache-control": "no-store",
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "PAYMENT-REQUIRED, PAYMENT-RESPONSE, X-PAYMENT-RESPONSE",
  "payment-required": btoa(JSON.stringify({ x402Version: 2, error: "payment_required", resource: { url: FILM }, accepts: [OFFER] })),
};

export default {
  async fetch({ method, url, headers: asked }) {
    const isAsked = method === "GET" && new URL(url).pathname === "/film";
    const isPaid = asked.get("authorization") ?? asked.get("payment-signature") ?? asked.get("x-payment");
    if (!isAsked || isPaid) return new Response(null, { status: 404 });
    return new Response(body, { status: 402, headers });
  },
};

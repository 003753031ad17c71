// A 402 by hand, in the two forms that clients read.
import { OFFER } from "../../shop.mjs";

export default {
  fetch({ url }) {
    const challenge = { x402Version: 2, error: "payment_required", resource: { url }, accepts: [OFFER] };
    const old = { ...OFFER, network: "base-sepolia", maxAmountRequired: OFFER.amount, resource: url, description: "", mimeType: "" };
    const headers = { "payment-required": btoa(JSON.stringify(challenge)), "cache-control": "no-store" };
    return Response.json({ x402Version: 1, error: "payment_required", accepts: [old] }, { status: 402, headers });
  },
};

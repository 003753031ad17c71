// A gate by hand around a peer's recovery: a payment is good once, and the answer tells that it was taken.
import { candidate, payerOf, toHeader } from "../peers/payments.mjs";
import { NETWORK } from "../shop.mjs";

const used = new Set();

/** A worker that serves whoever paid; `recover(authorization, signature)` finds the signer. */
export const paid = (recover) => ({
  async fetch(request) {
    let payer;
    try {
      const { authorization, signature } = candidate(request.headers.get("payment-signature"));
      payer = payerOf(authorization, await recover(authorization, signature));
      const name = `${payer}${authorization.nonce.toLowerCase()}`;
      if (used.has(name)) throw new Error("refused");
      used.add(name);
    } catch {
      return new Response(null, { status: 402 });
    }
    const receipt = { success: true, transaction: "", network: NETWORK, payer };
    return new Response("the film", { headers: { "payment-response": toHeader(receipt), "cache-control": "private" } });
  },
});

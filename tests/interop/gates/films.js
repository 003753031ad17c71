// What both gates of the matrix sell, and what they show: how the visitor got in.
import { facilitator, relayer } from "x402-wasm/edge";

export const PRICE = 10_000n;
export const NETWORK = "eip155:84532";

/** The same gate for every runtime; only the ledger differs. */
export const options = ({ ORIGIN, PAY_TO, TICKET_SECRET, SIGNING_KEY, RPC_URL, RELAYER_KEY, FACILITATOR, FACILITATOR_ACCOUNT }, ledger) => ({
  payTo: PAY_TO,
  network: NETWORK,
  tickets: { issuer: ORIGIN, keys: [{ kid: "matrix", secret: TICKET_SECRET }] },
  routes: {
    "GET /films/:id": { price: "$0.01", ticket: { scope: "matinee" } },
    "GET /premiere": { price: "$0.01", ticket: { scope: "premiere" } },
    "GET /permit2": { price: "$0.01", method: "permit2" },
    "GET /search": { price: "$0.01", scheme: "upto" },
  },
  paymentIdentifier: "optional",
  signIn: { origin: ORIGIN, statement: "Welcome back." },
  offerReceipt: { origin: ORIGIN, key: SIGNING_KEY },
  free: ["GET /payments/:jti"],
  ledger,
  settle: FACILITATOR
    ? facilitator(FACILITATOR, { rpc: RPC_URL, account: FACILITATOR_ACCOUNT })
    : relayer({ rpc: RPC_URL, key: RELAYER_KEY }),
});

/** The handler behind the gate. */
export const show = (gate) => async (request, env, _ctx, ticket) => {
  ticket?.charge?.(request.headers.get("x-charge") ?? "100%");
  if (ticket) return Response.json({ film: "moon", jti: ticket.jti, shown: shownBy(request.headers) });
  const payment = await gate.payment(env, new URL(request.url).pathname.split("/").pop());
  return Response.json(payment ?? { state: "unheard of" });
};

function shownBy(headers) {
  return ["authorization", "payment-signature", "x-payment"].filter((name) => headers.has(name)).join(", ");
}

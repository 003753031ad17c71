// npm @x402/hono, as its README has it.
import { Hono } from "hono";
import { cors } from "hono/cors";
import { HTTPFacilitatorClient } from "@x402/core/server";
import { ExactEvmScheme } from "@x402/evm/exact/server";
import { paymentMiddleware, x402ResourceServer } from "@x402/hono";

/** Its request handler. Nothing of it sets CORS headers, so its operator does, in front of the paywall. */
export function app({ facilitator, payTo }, syncOnStart = true) {
  const server = new x402ResourceServer(new HTTPFacilitatorClient({ url: facilitator })).register("eip155:84532", new ExactEvmScheme());
  const accepts = { scheme: "exact", price: "$0.01", network: "eip155:84532", payTo };
  const routes = { "GET /film": { accepts, description: "A film from @x402/hono" } };
  return new Hono()
    .use(cors({ origin: "*", exposeHeaders: ["PAYMENT-REQUIRED", "PAYMENT-RESPONSE"] }))
    .use(paymentMiddleware(routes, server, undefined, undefined, syncOnStart))
    .get("/film", (context) => context.json({ film: "moon" }));
}

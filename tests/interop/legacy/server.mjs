// npm x402-hono, the server of x402 v1, as its README has it.
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { cors } from "hono/cors";
import { paymentMiddleware } from "x402-hono";

export function open({ facilitator, payTo }) {
  const routes = { "GET /film": { price: "$0.01", network: "base-sepolia", config: { description: "A film from x402-hono" } } };
  const app = new Hono()
    .use(cors({ origin: "*", exposeHeaders: ["X-PAYMENT-RESPONSE"] }))
    .use(paymentMiddleware(payTo, routes, { url: facilitator }))
    .get("/film", (context) => context.json({ film: "moon" }));
  return createAdaptorServer({ fetch: app.fetch });
}

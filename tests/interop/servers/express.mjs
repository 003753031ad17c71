// npm @x402/express, as its README has it.
import { createServer } from "node:http";
import express from "express";
import { HTTPFacilitatorClient } from "@x402/core/server";
import { ExactEvmScheme } from "@x402/evm/exact/server";
import { paymentMiddleware, x402ResourceServer } from "@x402/express";

export function open({ facilitator, payTo }) {
  const server = new x402ResourceServer(new HTTPFacilitatorClient({ url: facilitator })).register("eip155:84532", new ExactEvmScheme());
  const accepts = { scheme: "exact", price: "$0.01", network: "eip155:84532", payTo };
  const routes = { "GET /film": { accepts, description: "A film from @x402/express" } };
  const app = express();
  app.use(cors);
  app.use(paymentMiddleware(routes, server));
  app.get("/film", (_request, response) => response.json({ film: "moon" }));
  return createServer(app);
}

// Nothing of the stock server sets CORS headers, so its operator does, in front of the paywall.
function cors(request, response, next) {
  response.set("Access-Control-Allow-Origin", "*");
  response.set("Access-Control-Expose-Headers", "PAYMENT-REQUIRED, PAYMENT-RESPONSE");
  if (request.method !== "OPTIONS") return next();
  response.set("Access-Control-Allow-Headers", request.get("Access-Control-Request-Headers") ?? "").status(204).end();
}

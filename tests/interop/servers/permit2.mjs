// npm @x402/express with everything paid by Permit2: a film at its price, and a search that charges a quarter of it.
import { createServer } from "node:http";
import express from "express";
import { HTTPFacilitatorClient } from "@x402/core/server";
import { ExactEvmScheme } from "@x402/evm/exact/server";
import { UptoEvmScheme } from "@x402/evm/upto/server";
import { paymentMiddleware, setSettlementOverrides, x402ResourceServer } from "@x402/express";

const NETWORK = "eip155:84532";

export function open({ facilitator, payTo }) {
  const server = new x402ResourceServer(new HTTPFacilitatorClient({ url: facilitator }))
    .register(NETWORK, new ExactEvmScheme())
    .register(NETWORK, new UptoEvmScheme());
  const offer = { price: "$0.01", network: NETWORK, payTo, extra: { assetTransferMethod: "permit2" } };
  const routes = {
    "GET /film": { accepts: { ...offer, scheme: "exact" } },
    "GET /search": { accepts: { ...offer, scheme: "upto" } },
  };
  const app = express();
  app.use(paymentMiddleware(routes, server));
  app.get("/film", (_request, response) => response.json({ film: "moon" }));
  app.get("/search", (_request, response) => {
    setSettlementOverrides(response, { amount: "2500" });
    response.json({ film: "moon" });
  });
  return createServer(app);
}

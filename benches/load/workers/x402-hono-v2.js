// npm @x402/hono, as its README has it.
import { env } from "cloudflare:workers";
import { Hono } from "hono";
import { HTTPFacilitatorClient } from "@x402/core/server";
import { ExactEvmScheme } from "@x402/evm/exact/server";
import { paymentMiddleware, x402ResourceServer } from "@x402/hono";
import { NETWORK, PAYEE } from "../../shop.mjs";

const server = new x402ResourceServer(new HTTPFacilitatorClient({ url: env.FACILITATOR })).register(NETWORK, new ExactEvmScheme());
const accepts = { scheme: "exact", price: "$0.01", network: NETWORK, payTo: PAYEE };

export default new Hono()
  .use(paymentMiddleware({ "GET /film": { accepts, description: "" } }, server))
  .get("/film", (context) => context.body("the film"));

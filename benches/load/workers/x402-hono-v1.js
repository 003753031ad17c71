// npm x402-hono, the middleware of x402 v1, as its README has it.
import "../require.js";
import { env } from "cloudflare:workers";
import { Hono } from "../../../tests/interop/legacy/node_modules/hono/dist/index.js";
import { paymentMiddleware } from "../../../tests/interop/legacy/node_modules/x402-hono/dist/esm/index.mjs";
import { PAYEE } from "../../shop.mjs";

const routes = { "GET /film": { price: "$0.01", network: "base-sepolia", config: { description: "" } } };

export default new Hono()
  .use(paymentMiddleware(PAYEE, routes, { url: env.FACILITATOR }))
  .get("/film", (context) => context.body("the film"));

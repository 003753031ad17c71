// npm @x402/hono in workerd, as its README has it: made at module scope. It asks its facilitator right there, which a
// worker may not do, so its first request is answered with 500 and only the next ones are gated.
import { env } from "cloudflare:workers";
import { app } from "./hono.mjs";

export default app({ facilitator: env.FACILITATOR, payTo: env.PAY_TO });

// npm @x402/hono under Hono's server for Node.
import { createAdaptorServer } from "@hono/node-server";
import { app } from "./hono.mjs";

export const open = (options) => createAdaptorServer({ fetch: app(options).fetch });

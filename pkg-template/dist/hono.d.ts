import type { Handler, MiddlewareHandler } from "hono";
import type { Gate, HandlerOptions, Ticket } from "./edge.js";

/**
 * The gate in front of Hono's handlers, which find the ticket under `c.get("ticket")`:
 * `app.get("/films/:id", paid(gate)({ scope: "matinee", price: "$0.01" }), handler)`.
 */
export declare function paid<Env>(gate: Gate<Env>): (options: HandlerOptions) => MiddlewareHandler<{ Variables: { ticket: Ticket } }>;

/** The ticket office, at the path that the gate's option `office` names: `app.post("/token", office(gate))`. */
export declare function office<Env>(gate: Gate<Env>): Handler;

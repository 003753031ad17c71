// A cinema in Hono: what the tests start in Node and in workerd.
import { Hono } from "hono";
import { createGate } from "x402-wasm/edge";
import { office, paid } from "x402-wasm/hono";

/** `ledger(env)` is the store. */
export function cinema(ledger) {
  const gate = createGate((env) => ({
    payTo: "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
    network: "eip155:84532",
    tickets: { issuer: "https://cinema.example", keys: [{ kid: "a", secret: env.TICKET_SECRET }] },
    ledger: ledger(env),
  }));
  const pay = paid(gate);
  return new Hono()
    .onError((_error, c) => c.text("the projector broke", 500))
    .get("/", (c) => c.text("tonight's bill"))
    .on(["GET", "OPTIONS"], "/films/:id", pay({ scope: "matinee", price: "$0.01" }), (c) =>
      c.json({ film: c.req.param("id"), payer: c.get("ticket").payer }, 200, { "Cache-Control": "max-age=60", "X-Reel": "7" }),
    )
    .get("/broken/:id", pay({ scope: "broken", price: "$0.02" }), (c) => {
      if (c.req.param("id") === "always") throw new Error("the film tore");
      return c.text("mended");
    })
    .post("/token", office(gate));
}

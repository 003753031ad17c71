// What is sold: of the worker that sells, and of the one that cashes.
export const shop = (env) => ({
  payTo: env.PAY_TO,
  network: "eip155:84532",
  tickets: { issuer: "https://lean.test", keys: [{ kid: "test", secret: env.TICKET_SECRET }] },
  routes: {
    "GET /films/:id": { price: "$0.01", ticket: { ttl: 600, scope: "matinee" } },
    "GET /premiere": { price: "$0.02", when: "before", ticket: { ttl: 600, scope: "premiere" } },
    "GET /search": { price: "$0.01", scheme: "upto" },
  },
  free: ["GET /bindings", "GET /ledger/:jti"],
});

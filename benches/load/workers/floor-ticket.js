// The least that a gate can do with a ticket: everything is read and set that ours reads and sets, and nothing is checked.
const DRESS = {
  "cache-control": "private",
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "PAYMENT-REQUIRED, PAYMENT-RESPONSE, X-PAYMENT-RESPONSE",
};

export default {
  async fetch(request) {
    const isAsked = request.method === "GET" && new URL(request.url).pathname === "/film";
    if (!isAsked || !request.headers.get("authorization")?.startsWith("Bearer ")) return new Response(null, { status: 401 });
    const response = new Response("the film");
    if (response.headers.get("settlement-overrides") !== null) return new Response(null, { status: 500 });
    for (const [name, value] of Object.entries(DRESS)) {
      if (response.headers.get(name) === null) response.headers.set(name, value);
    }
    return response;
  },
};

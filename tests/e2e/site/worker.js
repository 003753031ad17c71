// A site that never heard of payments, behind a gate: pictures, a film that is read in ranges, a page.
import { createGate, none } from "x402-wasm/edge";
import { durableObject } from "x402-wasm/edge/durable-object";
import { paywall } from "x402-wasm/paywall";

export { Ledger } from "x402-wasm/edge/durable-object";

const PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 90" width="320" height="180"><rect width="160" height="90" fill="#24506b"/><circle cx="112" cy="34" r="16" fill="#ffd98a"/><path d="M0 66q40-18 80 0t80 0v24H0z" fill="#0f2c3f"/></svg>`;
const CSP = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; frame-src blob:; style-src 'self'; base-uri 'none'; require-trusted-types-for 'script'";
const TYPES = { html: "text/html; charset=utf-8", js: "text/javascript; charset=utf-8" };

const seen = [];

const gate = createGate((env) => ({
  payTo: "0x2096200000000000000000000000000000000402",
  network: "eip155:84532",
  tickets: { issuer: env.ORIGIN, keys: [{ kid: "a", secret: env.TICKET_SECRET }] },
  routes: {
    "GET /pictures/:id": { price: "$0.01", ticket: { scope: "pictures", ttl: 600 }, description: "Pictures" },
    "GET /pages/:id": { price: "$0.01", ticket: { scope: "pictures", ttl: 600 }, description: "Pictures" },
    "GET /films/:id": { price: "$0.03", ticket: { scope: "films", ttl: 600 }, description: "The film" },
    "GET /vault/:id": { price: "$5", ticket: { ttl: 60 }, description: "Too dear for a budget" },
  },
  free: ["GET /", "GET /elements", "GET /seen", "GET /site/*", "GET /sw.js"],
  paywall: paywall({ title: "A site" }),
  ledger: durableObject(env.LEDGER),
  settle: none(),
}));

export default gate.protect(async (request, env, _ctx, ticket) => {
  const { pathname } = new URL(request.url);
  const [, place, name] = pathname.split("/");
  seen.push({ path: pathname, range: request.headers.get("range"), jti: ticket?.jti });
  switch (place) {
    case "seen":
      return Response.json(seen);
    case "pictures":
      return new Response(PICTURE, { headers: { "content-type": "image/svg+xml" } });
    case "pages":
      return new Response("<!doctype html><link rel=\"icon\" href=\"data:,\"><title>Paid</title><h1>A page that was paid for</h1>", { headers: { "content-type": TYPES.html } });
    case "films":
      return film(request, env);
    case "site":
      return asset(env, name);
    case "sw.js":
      return asset(env, "sw.js");
    default:
      return asset(env, `${place || "index"}.html`);
  }
});

async function asset(env, name) {
  const file = await env.ASSETS.fetch(`http://disk/${name}`);
  const type = TYPES[name.split(".").at(-1)];
  return new Response(file.body, { status: file.status, headers: { "content-type": type, "content-security-policy": CSP } });
}

async function film(request, env) {
  const bytes = new Uint8Array(await (await env.ASSETS.fetch("http://disk/film.webm")).arrayBuffer());
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("range") ?? "") ?? [];
  const headers = { "content-type": "video/webm", "accept-ranges": "bytes" };
  if (from === undefined) return new Response(bytes, { headers });
  // In small pieces, as servers of long films answer.
  const end = Math.min(bytes.length, to ? Number(to) + 1 : bytes.length, Number(from) + 256 * 1024);
  headers["content-range"] = `bytes ${from}-${end - 1}/${bytes.length}`;
  return new Response(bytes.slice(Number(from), end), { status: 206, headers });
}

// A server of x402, old and new, and of the bundles. It looks into a payment and takes it: verifying is another contest.
import { once } from "node:events";
import { createServer } from "node:http";
import { fromHeader, toHeader } from "../peers/payments.mjs";
import { CHALLENGE, NETWORK, OFFER } from "../shop.mjs";

const TYPES = { js: "text/javascript", wasm: "application/wasm", html: "text/html" };

/** Opens a shop; `files` are served by their paths. */
export async function openShop(files = new Map()) {
  const server = createServer((request, response) => {
    const path = request.url.slice(1);
    if (path === "film") return sell(request, response);
    if (!files.has(path)) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": TYPES[path.split(".").at(-1)], "cache-control": "no-store" }).end(files.get(path));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

function sell({ headers, url }, response) {
  const header = headers["payment-signature"] ?? headers["x-payment"];
  response.setHeader("cache-control", "no-store");
  if (header === undefined) return turnAway(`http://${headers.host}${url}`, response);
  const { authorization, signature } = fromHeader(header).payload;
  const isPaid = authorization.value === OFFER.amount && authorization.to === OFFER.payTo && signature.length === 132;
  if (!isPaid) return response.writeHead(400).end();
  const receipt = { success: true, transaction: `0x${"ab".repeat(32)}`, network: NETWORK, payer: authorization.from };
  response.writeHead(200, { "payment-response": toHeader(receipt) }).end("the film");
}

function turnAway(resource, response) {
  const old = { ...OFFER, network: "base-sepolia", maxAmountRequired: OFFER.amount, resource, description: "", mimeType: "" };
  response.writeHead(402, { "payment-required": toHeader({ ...CHALLENGE, resource: { url: resource } }), "content-type": "application/json" });
  response.end(JSON.stringify({ x402Version: 1, error: "payment_required", accepts: [old] }));
}

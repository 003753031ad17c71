// A facilitator that takes everything at once, for peers that ask one: its own time is not counted.
import { once } from "node:events";
import { createServer } from "node:http";
import { NETWORK } from "../shop.mjs";

const KINDS = [
  { x402Version: 2, scheme: "exact", network: NETWORK },
  { x402Version: 1, scheme: "exact", network: "base-sepolia" },
];

export async function openFacilitator() {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(request.url === "/supported" ? { kinds: KINDS, extensions: [], signers: {} } : verdict(request.url, JSON.parse(body))));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

function verdict(door, { paymentPayload }) {
  const payer = paymentPayload.payload.authorization.from;
  if (door === "/verify") return { isValid: true, payer };
  return { success: true, transaction: `0x${"ab".repeat(32)}`, network: paymentPayload.accepted?.network ?? paymentPayload.network, payer };
}

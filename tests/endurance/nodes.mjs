// Nodes that are not to be relied on, each in its way, in front of the chain's own.
import { once } from "node:events";
import { createServer } from "node:http";

const CHAIN_ID = "0x14a34";

/** In which way. Each answers a batch, given its text and how the honest node would answer it. */
const WAYS = {
  "busy": async () => "<html>busy</html>",
  "of another chain": async (body, honest) => (await honest()).replaceAll(`"${CHAIN_ID}"`, '"0x1"'),
  "saying that every nonce is used": async (body, honest) => (await honest()).replaceAll(/"0x0{64}"/g, `"0x${"1".padStart(64, "0")}"`),
  // It takes every transaction and passes none on.
  "swallowing": async (body, honest) =>
    body.includes("eth_sendRawTransaction") ? `[{"jsonrpc":"2.0","id":0,"result":"0x${"0".repeat(64)}"}]` : honest(),
  "hanging": () => new Promise(() => {}),
};

export const ways = Object.keys(WAYS);

/** Such a node, in front of the one at `rpcUrl`. */
export async function dishonest(way, rpcUrl) {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const headers = { "content-type": "application/json" };
    const honest = async () => (await fetch(rpcUrl, { method: "POST", headers, body })).text();
    response.setHeader("content-type", "application/json");
    response.end(await WAYS[way](body, honest));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = () => (server.closeAllConnections(), server.close());
  return { url: `http://127.0.0.1:${server.address().port}`, close };
}

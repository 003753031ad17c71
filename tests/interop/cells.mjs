// The matrix, described once: the tests and docs/interop.md are made of it. A cell that cannot run yet says so under
// `missing`, and the document shows it as missing.
import { buy as buyWithAxios } from "./clients/axios.mjs";
import { buy as buyWithFetch } from "./clients/fetch.mjs";
import { buy as buyWithOurs } from "./payers/buy.js";
import { ourFacilitator } from "./stage/facilitators.mjs";
import { gateInNode, gateInWorkerd } from "./stage/gates.mjs";
import { inPage } from "./stage/page.mjs";
import { runPython } from "./stage/python.mjs";
import { atOurFacilitator, ourGateAtTheStockFacilitator } from "./stage/settlements.mjs";
import { serverInNode, serverInPython, serverInWorkerd, serverOfX402Mock } from "./stage/servers.mjs";

const V1 = "x402 v1";
const V2 = "x402 v2";
const MOCK = "x402-mock";

/** What carries a payment: the header that our gate sees, what our payer sends, and the network's name in a receipt. */
export const WAYS = {
  [V2]: { atGate: "payment-signature", byPayer: ["payment-signature"], network: "eip155:84532" },
  [V1]: { atGate: "x-payment", byPayer: ["x-payment"], network: "base-sepolia" },
  [MOCK]: { atGate: "authorization", byPayer: ["permit at the office", "authorization"] },
};

/** Stock clients: `buy(url, visitor, stage)` answers with `{ status, body, receipt }`. */
export const CLIENTS = [
  { id: "@x402/fetch in Node", peer: "npm @x402/fetch", dialect: V2, buy: (url, { account }) => buyWithFetch(url, account) },
  { id: "@x402/fetch in Chromium", peer: "npm @x402/fetch", dialect: V2, buy: (url, { key }, stage) => inPage("buyWithFetch")(url, key, stage) },
  { id: "@x402/axios", peer: "npm @x402/axios", dialect: V2, buy: (url, { account }) => buyWithAxios(url, account) },
  { id: "x402-fetch", peer: "npm x402-fetch", dialect: V1, buy: buyWithLegacyFetch },
  { id: "x402 for Python, httpx", peer: "PyPI x402", dialect: V2, buy: inPython("clients/x402_httpx.py") },
  { id: "x402 for Python, requests", peer: "PyPI x402", dialect: V2, buy: inPython("clients/x402_requests.py") },
  { id: "x402-mock's client", peer: "PyPI x402-mock", dialect: MOCK, buy: inPython("clients/x402_mock.py", 1, 1) },
];

/** Our gate: `open(stage)` answers with its URL. */
export const GATES = [
  { id: "our gate in workerd", peer: "npm workerd", open: gateInWorkerd },
  { id: "our gate in Node", peer: "npm @hono/node-server", open: gateInNode },
];

/** Our payer: `buy(url, key, stage)` answers with `{ status, body, ways, signed, spent }`. */
export const PAYERS = [
  { id: "our payer in Node", buy: buyWithOurs },
  { id: "our payer in Chromium", buy: inPage("buyWithOurs") },
];

/** Stock servers: `open(stage)` answers with `{ url, payTo }`. */
export const SERVERS = [
  { id: "@x402/hono in Node", peer: "npm @x402/hono", dialect: V2, open: serverInNode("servers/hono.node.mjs") },
  { id: "@x402/hono in workerd", peer: "npm @x402/hono", dialect: V2, open: serverInWorkerd("servers/hono.worker.js") },
  { id: "@x402/express", peer: "npm @x402/express", dialect: V2, open: serverInNode("servers/express.mjs") },
  { id: "x402-hono", peer: "npm x402-hono", dialect: V1, open: serverInNode("legacy/server.mjs") },
  { id: "x402 for Python, FastAPI", peer: "PyPI x402", dialect: V2, open: serverInPython("servers/x402_fastapi.py") },
  { id: "x402 for Python, Flask", peer: "PyPI x402", dialect: V2, open: serverInPython("servers/x402_flask.py") },
  { id: "x402-mock's server", peer: "PyPI x402-mock", dialect: MOCK, open: serverOfX402Mock("servers/x402_mock.py") },
];

/** Who settles for whom. */
export const SETTLEMENTS = [
  { id: "our gate, settled by the stock facilitator", peer: "npm @x402/core", play: ourGateAtTheStockFacilitator },
  { id: "@x402/hono, settled by our facilitator", peer: "npm @x402/hono", play: atOurFacilitator(serverInNode("servers/hono.node.mjs")) },
  { id: "@x402/express, settled by our facilitator", peer: "npm @x402/express", play: atOurFacilitator(serverInNode("servers/express.mjs")) },
  { id: "x402 for Python, FastAPI, settled by our facilitator", peer: "PyPI x402", play: atOurFacilitator(serverInPython("servers/x402_fastapi.py")) },
];

/** Who is looked over by PyPI x402-conformance: `open(stage)` answers with a URL. */
export const EXAMINED = [
  ...GATES.map(({ id, open }) => ({ id, mode: "resource", open: async (stage) => `${await stage.part(open)}/films/moon` })),
  { id: "our facilitator", mode: "live", open: (stage) => stage.part(ourFacilitator) },
];

/** What else takes part, for the list of versions. */
export const CAST = ["npm @x402/core", "npm @x402/evm", "npm viem", "npm @foundry-rs/anvil", "PyPI x402-conformance"];

// Loaded where it is used: the old packages take half a second.
async function buyWithLegacyFetch(url, { account }) {
  const { buy } = await import("./legacy/client.mjs");
  return buy(url, account);
}

function inPython(script, ...args) {
  return async (url, { key }, stage) => {
    const { rpcUrl } = await stage.chain();
    return runPython(script, [url, rpcUrl, ...args], { EVM_PRIVATE_KEY: key });
  };
}

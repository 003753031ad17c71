// The matrix, described once: the tests and docs/interop.md are made of it. A cell that cannot run yet says so under
// `missing`, and the document shows it as missing.
import { buy as buyWithAxios } from "./clients/axios.mjs";
import { buy as buyWithFetch } from "./clients/fetch.mjs";
import { buy as buyWithOurs } from "./payers/buy.js";
import { ourFacilitatorInNode, ourFacilitatorInWorkerd, stockFacilitator } from "./stage/facilitators.mjs";
import { gateInNode, gateInWorkerd, settledBy } from "./stage/gates.mjs";
import { inPage } from "./stage/page.mjs";
import { runPython } from "./stage/python.mjs";
import { serverAtItsOrigin, serverInNode, serverInPython, serverInWorkerd, serverOfX402Mock } from "./stage/servers.mjs";

const V1 = "x402 v1";
const V2 = "x402 v2";
const MOCK = "x402-mock";

const honoInNode = serverInNode("servers/hono.node.mjs");
const honoInWorkerd = serverInWorkerd("servers/hono.worker.js");
const express = serverInNode("servers/express.mjs");
const legacyHono = serverInNode("legacy/server.mjs");
const fastapi = serverInPython("servers/x402_fastapi.py");
const flask = serverInPython("servers/x402_flask.py");

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
  { id: "x402-fetch", peer: "npm x402-fetch", dialect: V1, buy: (url, { account }) => buyWithLegacyFetch(url, account) },
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
  { id: "@x402/hono in Node", peer: "npm @x402/hono", dialect: V2, open: honoInNode(stockFacilitator) },
  { id: "@x402/hono in workerd", peer: "npm @x402/hono", dialect: V2, open: honoInWorkerd(stockFacilitator) },
  { id: "@x402/express", peer: "npm @x402/express", dialect: V2, open: express(stockFacilitator) },
  { id: "x402-hono", peer: "npm x402-hono", dialect: V1, open: legacyHono(stockFacilitator) },
  { id: "x402 for Python, FastAPI", peer: "PyPI x402", dialect: V2, open: fastapi(stockFacilitator) },
  { id: "x402 for Python, Flask", peer: "PyPI x402", dialect: V2, open: flask(stockFacilitator) },
  { id: "x402-mock's server", peer: "PyPI x402-mock", dialect: MOCK, open: serverOfX402Mock("servers/x402_mock.py") },
];

const stockSettled = settledBy(stockFacilitator);

/** Our gate again, with the stock facilitator as its settler. */
export const GATES_SETTLED_BY_STOCK = [
  { id: "our gate in workerd", open: stockSettled.inWorkerd },
  { id: "our gate in Node", open: stockSettled.inNode },
];

/** Our facilitator: `open(stage)` answers with `{ url, address }`. */
export const FACILITATORS = [
  { id: "our facilitator in workerd", open: ourFacilitatorInWorkerd },
  { id: "our facilitator in Node", open: ourFacilitatorInNode },
];

/** Stock servers again, each made for a facilitator; `buy(url, account, fetch)` is a stock client of their dialect. */
export const SERVERS_SETTLED_BY_US = [
  { id: "@x402/hono in Node", dialect: V2, openWith: honoInNode, buy: buyWithFetch },
  { id: "@x402/express", dialect: V2, openWith: express, buy: buyWithFetch },
  { id: "x402-hono", dialect: V1, openWith: legacyHono, buy: buyWithLegacyFetch },
  { id: "x402 for Python, FastAPI", dialect: V2, openWith: fastapi, buy: buyWithFetch },
  { id: "x402 for Python, Flask", dialect: V2, openWith: flask, buy: buyWithFetch },
];

/** Permit2 and the extensions, with the stock SDK: each play is given the stage and a URL, and answers for the document. */
export const OUR_PAYER = { id: PAYERS[0].id };
export const SERVER_BY_PERMIT2 = serverInNode("servers/permit2.mjs")(stockFacilitator);
export const SERVER_WITH_EXTENSIONS = serverAtItsOrigin("servers/extended.mjs")(stockFacilitator);

/** Who is looked over by PyPI x402-conformance: `urlOf(stage)` is what it is told. */
export const EXAMINED = [
  ...GATES.map(({ id, open }) => ({ id, mode: "resource", urlOf: async (stage) => `${await stage.part(open)}/films/moon` })),
  ...FACILITATORS.map(({ id, open }) => ({ id, mode: "live", urlOf: async (stage) => (await stage.part(open)).url })),
];

/** The suite's safety checks hold up the chain, so they have a stage of their own, beside the others. */
export const SAFETY = { id: "our facilitator in Node", open: ourFacilitatorInNode };

/** What else takes part, for the list of versions. */
export const CAST = ["npm @x402/core", "npm @x402/evm", "npm @x402/extensions", "npm viem", "npm @foundry-rs/anvil", "PyPI x402-conformance"];

// Loaded where it is used: the old packages take half a second.
async function buyWithLegacyFetch(...args) {
  const { buy } = await import("./legacy/client.mjs");
  return buy(...args);
}

function inPython(script, ...args) {
  return async (url, { key }, stage) => {
    const { rpcUrl } = await stage.chain();
    return runPython(script, [url, rpcUrl, ...args], { EVM_PRIVATE_KEY: key });
  };
}

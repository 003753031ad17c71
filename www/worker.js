// The cinema's whole server: a gate, four films and a few free counters.
import { createGate, relayer } from "x402-wasm/edge";
import { durableObject } from "x402-wasm/edge/durable-object";
import { paywall } from "x402-wasm/paywall";
import { bill, reelOf } from "./films/bill.js";
import { serveAsset, servePage } from "./worker/assets.js";
import { balanceOf, mint, transferOf } from "./worker/chain.js";
import { BadRequest, json, readAddress } from "./worker/http.js";
import { german } from "./worker/german.js";

export { Ledger } from "x402-wasm/edge/durable-object";

const NETWORK = "eip155:84532";
const FAUCET_GIFT = 10_000_000n;

const gate = createGate((env) => ({
  payTo: env.PAY_TO,
  tickets: { issuer: env.ORIGIN, keys: [{ kid: "demo", secret: env.TICKET_SECRET }] },
  routes: {
    "GET /films/:id": {
      price: "$0.01",
      network: NETWORK,
      description: "Every matinee, for ten minutes",
      ticket: { ttl: 600, scope: "matinee" },
    },
    "GET /films/tide": {
      price: "$0.02",
      network: NETWORK,
      description: "The late show, for seven minutes",
      ticket: { ttl: 420, scope: "late show" },
    },
    "GET /films/premiere": {
      price: "$0.05",
      network: NETWORK,
      description: "The premiere, for five minutes",
      ticket: { ttl: 300, scope: "premiere" },
    },
  },
  free: [
    "GET /",
    "GET /assets/*",
    "GET /films",
    "GET /health",
    "GET /ledger/:jti",
    "GET /balance/:address",
    "POST /faucet",
  ],
  // The direct link to a film: whoever opens it in a browser is asked by a page, and let in with a cookie.
  paywall: paywall({ title: "The 402 Picture House", burner: true, faucet: "/faucet", texts: { de: german } }),
  ledger: durableObject(env.LEDGER),
  settle: relayer({ rpc: env.RPC_URL, key: env.RELAYER_KEY, when: "after" }),
}));

export default gate.protect(async (request, env) => {
  const [, counter, item] = new URL(request.url).pathname.split("/");
  try {
    switch (counter) {
      case "":
        return await servePage(env.ASSETS);
      case "assets":
        return await serveAsset(env.ASSETS, item);
      case "films":
        return item === undefined ? json(bill) : await showFilm(request, env, item);
      case "health":
        return json({ status: "ok" });
      case "ledger":
        return await showPayment(env, item);
      case "balance":
        return json({ balance: await balanceOf(env.RPC_URL, readAddress(item)) });
      case "faucet":
        return await fillPocket(request, env);
      default:
        return json({ code: "not_found", message: "There is nothing at this address." }, 404);
    }
  } catch (error) {
    if (error instanceof BadRequest) {
      return json({ code: error.code, message: error.message }, 400);
    }
    return json({ code: "chain_unreachable", message: "The chain does not answer. Try again in a moment." }, 502);
  }
});

// The gate let this request through: whoever asks holds a ticket for this film.
function showFilm(request, env, id) {
  const reel = reelOf(id);
  // A browser that came by the direct link gets the house; the house asks for the reel.
  if (reel && request.headers.get("accept")?.includes("text/html")) return servePage(env.ASSETS);
  return reel
    ? json(reel)
    : json({ code: "film_unknown", message: "We do not show this film. GET /films has tonight's bill." }, 404);
}

async function showPayment(env, jti) {
  const payment = await gate.payment(env, jti);
  if (payment === undefined) {
    return json({ code: "payment_unknown", message: "No payment has this ticket number." }, 404);
  }
  // The record stands on its own; the chain's view of it is a courtesy.
  const transfer = payment.transaction
    ? await transferOf(env.RPC_URL, payment).catch(() => undefined)
    : undefined;
  return json({ jti, ...payment, transfer });
}

async function fillPocket(request, env) {
  const { address } = await readBody(request);
  const payer = readAddress(address);
  const transaction = await mint(env.RPC_URL, payer, FAUCET_GIFT);
  return json({ address: payer, transaction, balance: await balanceOf(env.RPC_URL, payer) });
}

async function readBody(request) {
  const text = await request.text();
  if (text.length > 256) throw new BadRequest("body_too_large", "The faucet wants an address, nothing more.");
  try {
    return Object(JSON.parse(text));
  } catch {
    throw new BadRequest("body_not_json", 'The faucet wants JSON: {"address": "0x…"}.');
  }
}

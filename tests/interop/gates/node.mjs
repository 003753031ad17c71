// Our gate in Node, under Hono's server, with its ledger in memory. A process of its own, as an operator would run it.
import { serve } from "@hono/node-server";
import { createGate, relayer } from "x402-wasm/edge";
import { memory } from "x402-wasm/edge/memory";
import { options, show } from "./films.js";

const { PORT, RPC_URL, RELAYER_KEY } = process.env;
const gate = createGate(options(process.env, memory(), relayer({ rpc: RPC_URL, key: RELAYER_KEY })));

serve({ fetch: gate.protect(show(gate)).fetch, hostname: "127.0.0.1", port: Number(PORT) }, () => console.log("open"));

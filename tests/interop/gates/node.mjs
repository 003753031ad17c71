// Our gate in Node, under Hono's server, with its ledger in memory. A process of its own.
import { serve } from "@hono/node-server";
import { createGate } from "x402-wasm/edge";
import { memory } from "x402-wasm/edge/memory";
import { options, show } from "./films.js";

const gate = createGate(options(process.env, memory({ forTests: true })));

serve({ fetch: gate.protect(show(gate)).fetch, hostname: "127.0.0.1", port: Number(process.env.PORT) }, () => console.log("open"));

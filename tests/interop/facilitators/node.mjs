// Our facilitator in Node, under Hono's server, with its ledger in memory.
import { serve } from "@hono/node-server";
import { createFacilitator, relayer } from "x402-wasm/facilitator";
import { memory } from "x402-wasm/edge/memory";

const { PORT, RPC_URL, RELAYER_KEY } = process.env;
const { fetch } = createFacilitator({
  networks: ["eip155:84532"],
  ledger: memory({ forTests: true }),
  settle: relayer({ rpc: RPC_URL, key: RELAYER_KEY }),
});

serve({ fetch, hostname: "127.0.0.1", port: Number(PORT) }, () => console.log("open"));

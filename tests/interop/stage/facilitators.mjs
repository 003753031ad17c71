// The facilitators: the URL, and the address that sends their transactions.
import { createServer } from "node:http";
import { stockFacilitator as listener } from "../facilitators/stock.mjs";
import { runInNode, runInWorkerd } from "./runtimes.mjs";

export const stockFacilitator = async (stage) => {
  const [{ rpcUrl }, { key, address }] = await Promise.all([stage.chain(), stage.relayer()]);
  return { url: await stage.listen(createServer(listener({ rpcUrl, key }))), address };
};

export const ourFacilitatorInWorkerd = (stage) => ours(stage, runInWorkerd, "facilitators/worker.js");
export const ourFacilitatorInNode = (stage) => ours(stage, runInNode, "facilitators/node.mjs");

async function ours(stage, run, script) {
  const [{ rpcUrl }, { key, address }] = await Promise.all([stage.chain(), stage.relayer()]);
  return { url: await run(stage, script, async () => ({ RPC_URL: rpcUrl, RELAYER_KEY: key })), address };
}

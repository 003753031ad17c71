// Our gate, in each of its runtimes.
import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { end, start } from "../../../www/stage/children.mjs";
import { HOST, claimPort } from "../../../www/stage/port.mjs";
import { startWorker } from "../../../www/stage/workerd.mjs";

const fileOf = (name) => fileURLToPath(new URL(`../gates/${name}`, import.meta.url));

export async function gateInWorkerd(stage) {
  const port = await claimPort(0, "the gate in workerd");
  const [bindings, dataDir] = await Promise.all([settings(stage, port), stage.folder()]);
  const worker = await startWorker({ entry: fileOf("worker.js"), dataDir, port, bindings });
  stage.atTheEnd(() => worker.stop());
  return worker.url;
}

export async function gateInNode(stage) {
  const port = await claimPort(0, "the gate in Node");
  const env = { ...(await settings(stage, port)), PORT: String(port), PATH: process.env.PATH };
  const gate = start(process.execPath, [fileOf("node.mjs")], { env, stdio: ["ignore", "pipe", "inherit"] });
  stage.atTheEnd(() => end(gate));
  for await (const line of createInterface({ input: gate.stdout })) if (line === "open") break;
  gate.stdout.resume();
  return `http://${HOST}:${port}`;
}

async function settings(stage, port) {
  const [chain, relayer] = await Promise.all([stage.chain(), stage.relayer()]);
  return {
    // The gate's issuer is its origin, so the port has to be known before it starts.
    ORIGIN: `http://${HOST}:${port}`,
    PAY_TO: chain.payee.address,
    TICKET_SECRET: randomBytes(32).toString("base64url"),
    RPC_URL: chain.rpcUrl,
    RELAYER_KEY: relayer.key,
  };
}

// Who settles for whom: our facilitator in workerd, and our gate that leaves the settling to somebody else's.
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { HOST, claimPort } from "../../../www/stage/port.mjs";
import { startWorker } from "../../../www/stage/workerd.mjs";

const fileOf = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** Its URL. */
export async function ourFacilitator(stage) {
  const [{ rpcUrl }, { key }, dataDir] = await Promise.all([stage.chain(), stage.relayer(), stage.folder()]);
  const bindings = { RPC_URL: rpcUrl, RELAYER_KEY: key };
  return startAt(stage, { entry: fileOf("facilitators/worker.js"), name: "facilitator", dataDir, bindings, silent: true });
}

/** Our gate, verified and settled by the stock facilitator; its URL. */
export async function gateAtStockFacilitator(stage) {
  const port = await claimPort(0, "the facilitated gate");
  const [{ rpcUrl, payee }, facilitator, dataDir] = await Promise.all([stage.chain(), stage.facilitator(), stage.folder()]);
  const bindings = {
    ORIGIN: `http://${HOST}:${port}`,
    PAY_TO: payee.address,
    TICKET_SECRET: randomBytes(32).toString("base64url"),
    RPC_URL: rpcUrl,
    FACILITATOR: facilitator,
  };
  return startAt(stage, { entry: fileOf("gates/facilitated.js"), name: "facilitated", dataDir, port, bindings, silent: true });
}

/** The same stage for a stock server whose facilitator is ours. */
export const withOurFacilitator = (stage) => ({
  facilitator: () => stage.part(ourFacilitator),
  chain: () => stage.chain(),
  listen: (server) => stage.listen(server),
  atTheEnd: (close) => stage.atTheEnd(close),
});

async function startAt(stage, options) {
  const worker = await startWorker(options);
  stage.atTheEnd(() => worker.stop());
  return worker.url;
}

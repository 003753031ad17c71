// Our gate, in each of its runtimes: it settles by itself, or leaves it to a facilitator.
import { randomBytes } from "node:crypto";
import { runInNode, runInWorkerd } from "./runtimes.mjs";

export const gateInWorkerd = (stage) => runInWorkerd(stage, "gates/worker.js", settings(stage, relayed));
export const gateInNode = (stage) => runInNode(stage, "gates/node.mjs", settings(stage, relayed));

/** The same gates, with `facilitator(stage)` as their settler. */
export const settledBy = (facilitator) => ({
  inWorkerd: (stage) => runInWorkerd(stage, "gates/worker.js", settings(stage, left(facilitator))),
  inNode: (stage) => runInNode(stage, "gates/node.mjs", settings(stage, left(facilitator))),
});

const settings = (stage, settling) => async (origin) => {
  const chain = await stage.chain();
  return {
    // The gate's issuer is its origin, so the port has to be known before it starts.
    ORIGIN: origin,
    PAY_TO: chain.payee.address,
    TICKET_SECRET: randomBytes(32).toString("base64url"),
    SIGNING_KEY: `0x${randomBytes(32).toString("hex")}`,
    RPC_URL: chain.rpcUrl,
    ...(await settling(stage)),
  };
};

const relayed = async (stage) => ({ RELAYER_KEY: (await stage.relayer()).key });
const left = (facilitator) => async (stage) => {
  const { url, address } = await stage.part(facilitator);
  return { FACILITATOR: url, FACILITATOR_ACCOUNT: address };
};

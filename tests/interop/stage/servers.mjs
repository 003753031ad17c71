// Everybody else's servers, in each of their runtimes: the URL of the film, and who is paid there.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { createPayer, LocalWallet } from "x402-wasm";
import { end } from "../../../www/stage/children.mjs";
import { HOST, claimPort } from "../../../www/stage/port.mjs";
import { startWorker } from "../../../www/stage/workerd.mjs";
import { NETWORK } from "../gates/films.js";
import { startPythonServer } from "./python.mjs";

const urlOf = (script) => new URL(`../${script}`, import.meta.url);

/** In this process: the module exports `open`, which makes a server of node:http. It settles through `facilitator`. */
export const serverInNode = (script) => (facilitator) => async (stage) => {
  const [{ open }, settings] = await Promise.all([import(urlOf(script)), terms(stage, facilitator)]);
  return { payTo: settings.payTo, url: `${await stage.listen(open(settings))}/film` };
};

/** The same for a server that has to know its `origin` before it listens. */
export const serverAtItsOrigin = (script) => (facilitator) => async (stage) => {
  const port = await claimPort(0, script);
  const [{ open }, settings] = await Promise.all([import(urlOf(script)), terms(stage, facilitator)]);
  const origin = `http://${HOST}:${port}`;
  return { payTo: settings.payTo, url: `${await stage.listen(open({ ...settings, origin }), port)}/film` };
};

export const serverInWorkerd = (script) => (facilitator) => async (stage) => {
  const [{ facilitator: url, payTo }, dataDir] = await Promise.all([terms(stage, facilitator), stage.folder()]);
  const worker = await startWorker({
    entry: fileURLToPath(urlOf(script)),
    name: "stock",
    dataDir,
    bindings: { FACILITATOR: url, PAY_TO: payTo },
    // The stock server needs a Buffer.
    compatibilityFlags: ["nodejs_compat"],
    silent: true,
  });
  stage.atTheEnd(() => worker.stop());
  const film = `${worker.url}/film`;
  const payer = createPayer({ wallet: LocalWallet.generate(), networks: [NETWORK] });
  const { status } = await payer.fetch(film);
  assert.deepEqual([status, payer.spending().perDay.spent], [500, "0"], "the first request");
  return { payTo, url: film };
};

export const serverInPython = (script) => (facilitator) => async (stage) => {
  const { facilitator: url, payTo } = await terms(stage, facilitator);
  return { payTo, url: await startServer(stage, script, [url, payTo]) };
};

/** x402-mock's server settles with its own key, and that key's owner is the payee. */
export const serverOfX402Mock = (script, variables) => async (stage) => {
  const [{ rpcUrl }, seller] = await Promise.all([stage.chain(), stage.relayer()]);
  return { payTo: seller.address, url: await startServer(stage, script, [rpcUrl], { EVM_PRIVATE_KEY: seller.key, ...variables }) };
};

async function terms(stage, facilitator) {
  const [{ url }, { payee }] = await Promise.all([stage.part(facilitator), stage.chain()]);
  return { facilitator: url, payTo: payee.address };
}

async function startServer(stage, script, args, variables) {
  const port = await claimPort(0, script);
  const server = await startPythonServer(script, [port, ...args], variables);
  // Asked politely, x402-mock would first wait for its settlements, which it looks for every six seconds.
  stage.atTheEnd(() => end(server, "SIGKILL"));
  return `http://${HOST}:${port}/film`;
}

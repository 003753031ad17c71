// Starts the MCP server. Standard output belongs to the protocol; whatever else there is to say goes to standard error.
import { createPayer } from "../entry/full.fast.js";
import { X402Error } from "../errors.js";
import { file } from "../store/file.js";
import { Cashdesk } from "./cashdesk.js";
import { loadWallet } from "./key.js";
import { serve } from "./serve.js";
import { readSettings } from "./settings.js";
import { toolsOf } from "./tools.js";

/** @param {string[]} args what follows `mcp` @param {NodeJS.ProcessEnv} env */
export async function main(args, env) {
  console.log = console.info = console.debug = console.error;
  try {
    const settings = readSettings(args, env);
    const wallet = loadWallet(settings, env);
    const payer = wallet && openPayer(wallet, settings);
    const cashdesk = settings.relayer && new Cashdesk(settings.relayer);
    if (!payer && !cashdesk) throw new X402Error("no_key", "There is no key to pay with: give --key-file FILE, or set X402_KEY.");
    await serve(toolsOf({ payer, cashdesk, origins: settings.origins }));
    if (payer) console.error(`x402-wasm: paying from ${payer.address}, ${JSON.stringify(payer.spending())}`);
  } catch (error) {
    if (!(error instanceof X402Error)) throw error;
    console.error(`x402-wasm: ${error.message} (${error.code})`);
    process.exitCode = 1;
  }
}

function openPayer(wallet, { budget, networks, origins, state }) {
  if (origins.length === 0) throw new X402Error("no_origin", 'Say what it may fetch: --origin https://cinema.example, or --origin "*".');
  const store = state && file(state);
  // An end that is ordered lets go of the state, so that the next server need not doubt whether this one lives.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(0));
  if (!store) console.error("x402-wasm: without --state FILE it forgets at its end what was spent, and the budget begins anew.");
  return createPayer({ wallet, budget, networks, store });
}

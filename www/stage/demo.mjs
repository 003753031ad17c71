// The cinema: a local chain, the gate in workerd, and the page. Started by `cargo xtask demo`.
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openInBrowser } from "./open.mjs";
import { startChain } from "./chain.mjs";
import { startWorker } from "./workerd.mjs";

const WWW = fileURLToPath(new URL("..", import.meta.url));
const OPTIONS = {
  port: { type: "string", default: "4020" },
  "rpc-port": { type: "string", default: "8545" },
  data: { type: "string", default: join(WWW, "../target/demo") },
  "no-open": { type: "boolean", default: false },
};

async function demo() {
  const { values } = parseArgs({ options: OPTIONS });
  const data = resolve(values.data);
  await mkdir(data, { recursive: true });

  // Ledger and chain are kept together: a ledger alone would ask a new chain about the payments of an old one.
  const chain = await startChain({ port: portOf(values, "rpc-port"), state: join(data, "chain.json") });
  const port = portOf(values, "port");
  const origin = `http://127.0.0.1:${port}`;
  const gate = await startWorker({
    entry: join(WWW, "worker.js"),
    assets: join(WWW, "dist"),
    dataDir: data,
    port,
    bindings: {
      RPC_URL: chain.rpcUrl,
      RELAYER_KEY: chain.relayer.key,
      TICKET_SECRET: await ticketSecret(join(data, "ticket-secret")),
      PAY_TO: chain.payee.address,
      ORIGIN: origin,
    },
  });

  console.log(`
  The cinema is open.

    the page    ${origin}
    the chain   ${chain.rpcUrl}, id ${chain.chainId}, with USDC at ${chain.usdc}
    the payee   ${chain.payee.address}
    the data    ${shown(data)}

  Ctrl-C closes it. Ledger and chain are kept for the next showing.
`);
  if (!values["no-open"]) openInBrowser(origin);

  await Promise.race([chain.watch(), gate.watch()]);
}

function portOf(values, option) {
  const port = Number(values[option]);
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new Error(`--${option} wants a port number, not "${values[option]}".`);
  return port;
}

function shown(folder) {
  const path = relative(process.cwd(), folder);
  return path.startsWith("..") ? folder : path;
}

async function ticketSecret(file) {
  if (!existsSync(file)) await writeFile(file, randomBytes(32).toString("base64url"), { mode: 0o600 });
  // Whoever reads it can print tickets.
  await chmod(file, 0o600);
  return readFile(file, "utf8");
}

await demo().catch((error) => {
  console.error(`\n${error.message}`);
  process.exit(1);
});

// Runs a worker in real workerd, with its ledger on disk.
import { mkdir, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { join, resolve } from "node:path";
import workerd from "workerd"; // CommonJS: what it calls its default is one level down
import { bundleWorker } from "./bundle.mjs";
import { end, readyOrDead, start, untilItFails } from "./children.mjs";
import { HOST, claimPort } from "./port.mjs";

const COMPATIBILITY_DATE = "2026-04-01";

/**
 * Starts `entry` on 127.0.0.1. A worker that exports a Durable Object `Ledger` gets it as LEDGER, kept in `dataDir`;
 * `bindings` are texts; `assets`, a folder, is bound as ASSETS; `plugins` are esbuild's.
 */
export async function startWorker({
  entry,
  dataDir,
  port = 0,
  name = "gate",
  bindings = {},
  assets,
  compatibilityFlags = [],
  compatibilityDate = COMPATIBILITY_DATE,
  plugins,
  silent = false,
}) {
  const home = resolve(dataDir, name);
  const ledger = join(home, "ledger");
  await mkdir(ledger, { recursive: true });
  const claimed = await claimPort(port, `the worker "${name}"`);
  const bundle = await bundleWorker(entry, home, plugins);
  const config = join(home, "config.capnp");
  await writeFile(config, capnp({ bundle, ledger, port: claimed, bindings, assets, compatibilityFlags, compatibilityDate }));

  let server = await run(config, name, bindings, silent);
  return {
    url: `http://${HOST}:${claimed}`,
    port: claimed,
    pid: () => server.pid,
    /** Ends it as a host would. */
    stop: () => end(server),
    /** Ends it as a power cut would. */
    kill: () => end(server, "SIGKILL"),
    /** Rejects when it ends without having been asked to. */
    watch: () => untilItFails(server, `The worker "${name}"`),
    /** Starts it again on the same port and the same disk; with `changed` bindings, those replace the old ones. */
    restart: async (changed = {}) => {
      await end(server);
      server = await run(config, name, { ...bindings, ...changed }, silent);
    },
  };
}

async function run(config, name, bindings, silent) {
  const env = Object.fromEntries(Object.entries(bindings).map(([key, value]) => [variable(key), value]));
  const out = silent ? "ignore" : "inherit";
  const worker = start(workerd.default, ["serve", "--experimental", "--control-fd=3", config], {
    env,
    stdio: ["ignore", out, "pipe", "pipe"],
  });
  if (!silent) worker.stderr.pipe(process.stderr, { end: false });
  try {
    await readyOrDead(worker, `workerd "${name}"`, untilItListens(worker));
  } catch (error) {
    await end(worker);
    throw error;
  }
  return worker;
}

function untilItListens(worker) {
  return new Promise((listening) => {
    createInterface({ input: worker.stdio[3] }).on("line", (line) => {
      if (JSON.parse(line).event === "listen") listening();
    });
  });
}

function capnp({ bundle, ledger, port, bindings, assets, compatibilityFlags, compatibilityDate }) {
  const hasLedger = bundle.exports.includes("Ledger");
  const modules = [
    `(name = ${text(bundle.script)}, esModule = embed ${text(bundle.script)})`,
    ...bundle.wasm.map((name) => `(name = ${text(name)}, wasm = embed ${text(name)})`),
  ];
  const services = [
    `(name = "gate", worker = .gate)`,
    // A chain on this machine is a private address.
    `(name = "internet", network = (allow = ["public", "private"], tlsOptions = (trustBrowserCas = true)))`,
  ];
  const bound = Object.keys(bindings).map((key) => `(name = ${text(key)}, fromEnvironment = ${text(variable(key))})`);
  if (hasLedger) {
    services.push(`(name = "ledger", disk = (path = ${text(ledger)}, writable = true))`);
    bound.push(`(name = "LEDGER", durableObjectNamespace = "Ledger")`);
  }
  if (assets) {
    services.push(`(name = "assets", disk = (path = ${text(resolve(assets))}))`);
    bound.push(`(name = "ASSETS", service = "assets")`);
  }
  const durable = `
  durableObjectNamespaces = [ (className = "Ledger", uniqueKey = "ledger", enableSql = true) ],
  durableObjectStorage = (localDisk = "ledger"),`;
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = ${list(services)},
  sockets = [ (name = "http", address = "${HOST}:${port}", http = (), service = "gate") ],
);
const gate :Workerd.Worker = (
  modules = ${list(modules)},
  compatibilityDate = ${text(compatibilityDate)},
  compatibilityFlags = ${list(compatibilityFlags.map(text))},${hasLedger ? durable : ""}
  bindings = ${list(bound)},
);
`;
}

// Keys and secrets travel in the process's environment: the config lies on disk for everybody to read.
const variable = (name) => `X402_STAGE_${name}`;
const list = (items) => (items.length === 0 ? "[]" : `[\n    ${items.join(",\n    ")} ]`);
const text = (value) => JSON.stringify(value);

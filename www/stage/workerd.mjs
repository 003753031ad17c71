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
 * `bindings` are texts; `assets`, a folder, is bound as ASSETS; `plugins` are esbuild's. A `cashier`, `{ entry, bindings }`,
 * is a second worker that nobody can ask, whose `Ledger` is both workers' LEDGER.
 */
export async function startWorker({
  entry,
  dataDir,
  port = 0,
  name = "gate",
  bindings: own = {},
  cashier,
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
  const behind = cashier && { bundle: await bundleWorker(cashier.entry, join(home, "cashier"), plugins), bindings: cashier.bindings };
  const config = join(home, "config.capnp");
  const parts = { bundle, ledger, port: claimed, bindings: own, cashier: behind, assets, compatibilityFlags, compatibilityDate };
  await writeFile(config, capnp(parts));

  const bindings = { ...own, ...cashier?.bindings };
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

function capnp({ bundle, ledger, port, bindings, cashier, assets, compatibilityFlags, compatibilityDate }) {
  const services = [
    `(name = "gate", worker = .gate)`,
    // A chain on this machine is a private address.
    `(name = "internet", network = (allow = ["public", "private"], tlsOptions = (trustBrowserCas = true)))`,
  ];
  const keepers = [bundle, cashier?.bundle].filter((own) => own?.exports.includes("Ledger"));
  const bound = [];
  if (keepers.length > 0) {
    services.push(`(name = "ledger", disk = (path = ${text(ledger)}, writable = true))`);
    const service = keepers.includes(bundle) ? "gate" : "cashier";
    bound.push(`(name = "LEDGER", durableObjectNamespace = (className = "Ledger", serviceName = "${service}"))`);
  }
  if (cashier) services.push(`(name = "cashier", worker = .cashier)`);
  const files = [];
  if (assets) {
    services.push(`(name = "assets", disk = (path = ${text(resolve(assets))}))`);
    files.push(`(name = "ASSETS", service = "assets")`);
  }
  const worker = (name, own, texts, services, folder = "") => `const ${name} :Workerd.Worker = (
  modules = ${list([
    `(name = ${text(own.script)}, esModule = embed ${text(folder + own.script)})`,
    ...own.wasm.map((wasm) => `(name = ${text(wasm)}, wasm = embed ${text(folder + wasm)})`),
  ])},
  compatibilityDate = ${text(compatibilityDate)},
  compatibilityFlags = ${list(compatibilityFlags.map(text))},${keepers.includes(own) ? DURABLE : ""}
  bindings = ${list([...Object.keys(texts).map((key) => `(name = ${text(key)}, fromEnvironment = ${text(variable(key))})`), ...services])},
);
`;
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = ${list(services)},
  sockets = [ (name = "http", address = "${HOST}:${port}", http = (), service = "gate") ],
);
${worker("gate", bundle, bindings, [...bound, ...files])}${cashier ? worker("cashier", cashier.bundle, cashier.bindings, bound, "cashier/") : ""}`;
}

const DURABLE = `
  durableObjectNamespaces = [ (className = "Ledger", uniqueKey = "ledger", enableSql = true) ],
  durableObjectStorage = (localDisk = "ledger"),`;

// Keys and secrets travel in the process's environment: the config lies on disk for everybody to read.
const variable = (name) => `X402_STAGE_${name}`;
const list = (items) => (items.length === 0 ? "[]" : `[\n    ${items.join(",\n    ")} ]`);
const text = (value) => JSON.stringify(value);

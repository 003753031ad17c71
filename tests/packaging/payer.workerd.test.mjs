// The payer inside real workerd: no compilation of bytes, nothing at module scope, no `redirect: "error"`.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const WORKER = `
import { createPayer, LocalWallet, X402Error } from "x402-wasm";
let payer;
export default {
  async fetch(request) {
    payer ??= createPayer({ wallet: LocalWallet.generate(), networks: ["eip155:84532"] });
    try {
      const response = await payer.fetch(request.headers.get("x-film"));
      return Response.json({ text: await response.text(), spent: payer.spending().perDay.spent });
    } catch (error) {
      return Response.json({ code: error.code, message: String(error), known: error instanceof X402Error });
    }
  },
};`;

const CONFIG = (port) => `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [ (name = "main", worker = .main), (name = "internet", network = (allow = ["public", "private"])) ],
  sockets = [ (name = "http", address = "127.0.0.1:${port}", http = (), service = "main") ] );
const main :Workerd.Worker = (
  modules = [ (name = "worker.js", esModule = embed "worker.js"), (name = "full-fast_bg.wasm", wasm = embed "full-fast_bg.wasm") ],
  compatibilityDate = "2026-04-01", globalOutbound = "internet" );`;

const root = fileURLToPath(new URL("../..", import.meta.url));
const gate = createServer(serve);
let folder, workerd, port, isMoved;

function serve({ url, headers }, response) {
  if (url === "/token" && isMoved) return response.writeHead(307, { location: "/elsewhere" }).end();
  if (url === "/token") return response.end(JSON.stringify({ access_token: "a.b.c", expires_in: 600, scope: "matinee", jti: "1" }));
  if (headers.authorization === "Bearer a.b.c") return response.end("the film");
  const asset = "0x036CbD53842c5426634e7929541eC2318f3dCF7e";
  const offer = { scheme: "exact", network: "eip155:84532", amount: "10000", asset, payTo: `0x${"22".repeat(20)}`, maxTimeoutSeconds: 300 };
  const challenge = { x402Version: 2, accepts: [offer], extensions: { ticket: { info: { endpoint: "/token", scope: url } } } };
  response.writeHead(402, { "payment-required": Buffer.from(JSON.stringify(challenge)).toString("base64") }).end("{}");
}

const listen = (server) => new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server.address().port)));

before(async () => {
  const scout = createServer();
  port = await listen(scout);
  await new Promise((resolve) => scout.close(resolve));
  folder = await mkdtemp(join(tmpdir(), "x402-payer-"));
  const asModule = { name: "wasm", setup: (b) => b.onResolve({ filter: /\.wasm$/ }, () => ({ path: "./full-fast_bg.wasm", external: true })) };
  await build({
    stdin: { contents: WORKER, resolveDir: root },
    bundle: true,
    format: "esm",
    conditions: ["workerd"],
    outfile: join(folder, "worker.js"),
    plugins: [asModule],
  });
  await cp(fileURLToPath(new URL("dist/wasm/full-fast_bg.wasm", import.meta.resolve("x402-wasm/package.json"))), join(folder, "full-fast_bg.wasm"));
  await writeFile(join(folder, "config.capnp"), CONFIG(port));
  // The program itself, not its launcher: so that ending it ends it.
  const { default: { default: program } } = await import("workerd");
  workerd = spawn(program, ["serve", join(folder, "config.capnp")], { stdio: "inherit" });
  await listen(gate);
});
after(async () => {
  workerd?.kill();
  gate.close();
  gate.closeAllConnections();
  await rm(folder, { recursive: true, force: true });
});

async function ask(film) {
  const headers = { "x-film": `http://127.0.0.1:${gate.address().port}${film}` };
  for (let tries = 0; ; tries++) {
    try {
      return await (await fetch(`http://127.0.0.1:${port}/`, { headers })).json();
    } catch (error) {
      if (tries === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

test("a film is bought once and watched twice", async () => {
  assert.deepEqual(await ask("/films/1"), { text: "the film", spent: "0.01" });
  assert.deepEqual(await ask("/films/1"), { text: "the film", spent: "0.01" });
});

test("s59 a redirected payment is not followed", async () => {
  isMoved = true;
  const { code, known } = await ask("/premiere/1");
  assert.deepEqual([code, known], ["payment_outcome_unknown", true]);
});

// The MCP server out of the tarball, as a user installs it: a package without dependencies, and a command that says what
// it needs.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);
const KEY = { X402_KEY: `0x${"11".repeat(32)}` };
const ARGS = ["x402-wasm", "mcp", "--network", "eip155:84532", "--origin", "*", "--per-payment", "0.05", "--per-day", "0.5"];

let packed, beside, alone;

before(async () => {
  packed = await mkdtemp(join(tmpdir(), "x402-pack-"));
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", packed, join(ROOT, "pkg")]);
  const tarball = join(packed, JSON.parse(stdout)[0].filename);
  // Below the repository Node finds the workshop's SDK; elsewhere there is none.
  await mkdir(join(ROOT, "target"), { recursive: true });
  beside = await install(await mkdtemp(join(ROOT, "target/mcp-")), tarball);
  alone = await install(await mkdtemp(join(tmpdir(), "x402-alone-")), tarball);
});
after(async () => {
  for (const folder of [packed, beside, alone].filter(Boolean)) await rm(folder, { recursive: true, force: true });
});

async function install(folder, tarball) {
  await writeFile(join(folder, "package.json"), '{ "private": true }');
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", tarball], { cwd: folder });
  return folder;
}

test("the package brings nothing along", async () => {
  assert.deepEqual((await readdir(join(alone, "node_modules"))).filter((name) => !name.startsWith(".")), ["x402-wasm"]);
  const manifest = JSON.parse(await readFile(join(alone, "node_modules/x402-wasm/package.json"), "utf8"));
  assert.equal(manifest.dependencies, undefined);
  for (const peer of Object.keys(manifest.peerDependencies)) assert.equal(manifest.peerDependenciesMeta[peer].optional, true, peer);
});

test("npx x402-wasm mcp lists its tools", async () => {
  const client = new Client({ name: "test", version: "1" });
  await client.connect(new StdioClientTransport({ command: "npx", args: ["--offline", ...ARGS], cwd: beside, env: KEY, stderr: "ignore" }));
  try {
    const { tools } = await client.listTools();
    assert.deepEqual(tools.map(({ name }) => name), ["get_with_payment", "sign_payment"]);
    assert.match(tools[0].description, /At most 0\.05 a payment and 0\.5 a day\./);
    assert.equal(client.getServerVersion().name, "x402-wasm");
  } finally {
    await client.close();
  }
});

test("without the SDK it says what to install", async () => {
  const failure = await run("npx", ["--offline", ...ARGS], { cwd: alone, env: { ...process.env, ...KEY } }).then(
    () => assert.fail("it started"),
    (error) => error,
  );
  assert.deepEqual([failure.code, failure.stdout], [1, ""]);
  assert.match(failure.stderr, /npm install @modelcontextprotocol\/sdk \(no_mcp_sdk\)/);
});

test("without a command it tells which there are", async () => {
  const { stdout } = await run("npx", ["--offline", "x402-wasm", "--help"], { cwd: alone });
  assert.match(stdout, /x402-wasm mcp/);
  await assert.rejects(run("npx", ["--offline", "x402-wasm", "pay"], { cwd: alone }), ({ code, stdout, stderr }) => code === 2 && stdout === "" && stderr.includes("x402-wasm mcp"));
});

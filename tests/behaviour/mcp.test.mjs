// The MCP server as an agent's host starts it, with the official SDK's client, against the gate in workerd on a chain.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, afterEach, before } from "node:test";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { fromHeader, openWorld, toHeader } from "./world.mjs";

const CLI = fileURLToPath(new URL("../../node_modules/x402-wasm/dist/cli.js", import.meta.url));
const NETWORK = "eip155:84532";

let world, home, keyFile, key, served;
const clients = [];

before(async () => {
  world = await openWorld();
  home = await mkdtemp(join(tmpdir(), "x402-mcp-"));
  key = generatePrivateKey();
  keyFile = join(home, "key");
  await writeFile(keyFile, `${key}\n`, { mode: 0o600 });
  await world.chain.mint(privateKeyToAccount(key).address, 10_000_000);
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});
after(async () => {
  await world?.close();
  await rm(home, { recursive: true, force: true });
});

const usual = () => ["--key-file", keyFile, "--network", NETWORK, "--origin", world.gate.url];

/** A server, and a client that calls its tools. What it answers is kept, to be searched for secrets. */
async function start(args = usual(), env = {}) {
  const transport = new StdioClientTransport({ command: process.execPath, args: [CLI, "mcp", ...args], env, stderr: "pipe" });
  const client = new Client({ name: "test", version: "1" });
  clients.push(client);
  let said = "";
  transport.stderr.on("data", (chunk) => (said += chunk));
  await client.connect(transport);
  const call = async (name, given) => {
    const { isError = false, structuredContent, content } = await client.callTool({ name, arguments: given });
    said += JSON.stringify(content);
    return isError ? { ...structuredContent, isError } : structuredContent;
  };
  const get = (path, more) => call("get_with_payment", { url: world.gate.url + path, ...more });
  return { client, call, get, said: () => said };
}

/** Runs until it ends. */
async function run(args, env) {
  const child = spawn(process.execPath, [CLI, "mcp", ...args], { env: { PATH: process.env.PATH, ...env }, stdio: ["pipe", "pipe", "pipe"] });
  let out = "", said = "";
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => (said += chunk));
  child.stdin.end();
  const [code] = await once(child, "close");
  return { code, out, said };
}

test("a film is bought once and seen twice, and the check is cashed", async () => {
  const { get } = await start();
  const first = await get("/films/moon");
  assert.deepEqual([first.status, JSON.parse(first.text)], [200, { film: "/films/moon", scope: "matinee" }]);
  const { amount, symbol, network, payTo, jti } = first.receipt;
  assert.deepEqual({ amount, symbol, network, payTo }, { amount: "0.01", symbol: "USDC", network: NETWORK, payTo: world.chain.payee.address });
  assert.equal((await world.settled(jti)).payer, privateKeyToAccount(key).address);
  const second = await get("/films/other");
  assert.deepEqual([second.status, second.receipt], [200, undefined]);
});

test("a body is sent along with a payment, and what is free costs nothing", async () => {
  const { get } = await start();
  const { status, receipt } = await get("/reviews", { method: "POST", headers: { "content-type": "text/plain" }, body: "It was good." });
  assert.deepEqual([status, receipt.amount], [200, "0.01"]);
  assert.deepEqual([(await get("/")).text, (await get("/")).receipt], ["welcome", undefined]);
});

test("s55 nothing a model says raises the budget, and a refusal costs nothing", async () => {
  const { get } = await start([...usual(), "--per-payment", "0.02", "--per-day", "0.01"]);
  served = await world.served();
  assert.equal((await get("/films/premiere")).code, "over_per_payment");
  assert.equal((await get("/films/premiere", { maxAmount: "5" })).code, "over_per_payment");
  const { code, message, isError } = await get("/films/moon", { maxAmount: "0.009" });
  assert.deepEqual([code, message, isError], ["over_max_amount", "This costs 0.01 and maxAmount leaves 0.009: raise it to pay.", true]);
  assert.equal((await get("/films/moon", { maxAmount: "0.01" })).status, 200);
  assert.equal((await get("/reviews", { method: "POST" })).code, "over_per_day");
  assert.equal(await world.served(), served + 1);
});

test("wrong input is told with a code, and the server goes on", async () => {
  const { get, call } = await start();
  const url = `${world.gate.url}/films/moon`;
  for (const [name, given, code] of [
    ["get_with_payment", {}, "invalid_argument"],
    ["get_with_payment", { url, perPayment: "5" }, "invalid_argument"],
    ["get_with_payment", { url: 5 }, "invalid_argument"],
    ["get_with_payment", { url: "/films/moon" }, "invalid_argument"],
    ["get_with_payment", { url, headers: ["a"] }, "invalid_argument"],
    ["get_with_payment", { url, headers: { a: 1 } }, "invalid_argument"],
    ["get_with_payment", { url, maxAmount: 0.01 }, "invalid_argument"],
    ["get_with_payment", { url, maxAmount: "a cent" }, "invalid_argument"],
    ["get_with_payment", { url, headers: { "bad header": "1" } }, "request_failed"],
    ["get_with_payment", { url: "https://elsewhere.example/" }, "origin_not_allowed"],
    ["get_with_payment", { url: "file:///etc/passwd" }, "origin_not_allowed"],
    ["sign_payment", { url, challenge: "nonsense" }, "unreadable_header"],
    ["sign_payment", { url, challenge: "{}" }, "unreadable_challenge"],
    ["sign_payment", { url, challenge: "{" }, "unreadable_challenge"],
    ["verify_and_settle", { payment: {}, requirements: {} }, "unknown_tool"],
  ]) {
    const answer = await call(name, given);
    assert.deepEqual([answer.code, answer.isError], [code, true], JSON.stringify(given));
    assert.ok(answer.message.length > 10);
  }
  assert.equal((await get("/")).status, 200);
});

test("sign_payment signs within the budget and sends nothing; whoever sends it is served", async () => {
  const { call } = await start([...usual(), "--per-day", "0.03"]);
  const url = `${world.gate.url}/films/moon`;
  const asked = await fetch(url);
  const challenge = asked.headers.get("payment-required");
  served = await world.served();
  const [offer] = fromHeader(challenge).accepts;
  for (const [text, header] of [
    [challenge, "PAYMENT-SIGNATURE"],
    [JSON.stringify(offer), "PAYMENT-SIGNATURE"],
    // The body, which is x402 v1's.
    [await asked.text(), "X-PAYMENT"],
  ]) {
    const { headers, amount, payTo } = await call("sign_payment", { url, challenge: text });
    assert.deepEqual([Object.keys(headers), amount, payTo], [[header], "0.01", world.chain.payee.address]);
    assert.equal(await world.served(), served);
    const answer = await fetch(url, { headers });
    assert.deepEqual([answer.status, (await answer.json()).film], [200, "/films/moon"]);
    served += 1;
  }
  assert.equal((await call("sign_payment", { url, challenge })).code, "over_per_day");
  assert.equal((await call("sign_payment", { url, challenge, maxAmount: "0.001" })).code, "over_max_amount");
});

test("an operator verifies a payment and cashes it, once however often it is asked", async () => {
  // A relayer of its own: the gate uses the other's sequence.
  const relayer = generatePrivateKey();
  await world.chain.rpc("anvil_setBalance", privateKeyToAccount(relayer).address, "0xde0b6b3a7640000");
  const { client, call, said } = await start([], { X402_RELAYER_KEY: relayer, X402_RPC_URL: world.chain.rpcUrl });
  assert.deepEqual((await client.listTools()).tools.map(({ name }) => name), ["verify_and_settle"]);
  const payment = await world.pay("/films/moon");
  const requirements = payment.accepted;
  const before = (await world.transfers()).length;
  const first = await call("verify_and_settle", { payment: toHeader(payment), requirements });
  assert.deepEqual([first.state, first.payer, first.amount], ["settled", world.payer.address, "10000"], JSON.stringify(first));
  assert.deepEqual(await call("verify_and_settle", { payment, requirements }), first);
  const transfers = await world.transfers();
  assert.equal(transfers.length, before + 1);
  assert.equal(transfers.at(-1).transactionHash, first.transaction);
  for (const [changes, code] of [
    [{ payTo: world.payer.address }, "no_matching_payment_requirements"],
    [{ amount: "10001" }, "no_matching_payment_requirements"],
    [{ amount: 5 }, "invalid_config"],
    [{ asset: "0x0000000000000000000000000000000000000001" }, "invalid_config"],
  ]) {
    const refused = await call("verify_and_settle", { payment, requirements: { ...requirements, ...changes } });
    assert.deepEqual([refused.code, refused.isError], [code, true], JSON.stringify(refused));
  }
  const forged = structuredClone(payment);
  forged.payload.authorization.nonce = `0x${"11".repeat(32)}`;
  assert.equal((await call("verify_and_settle", { payment: forged, requirements })).code, "invalid_exact_evm_signature");
  // Money that is not there.
  const rich = world.payer;
  world.payer = privateKeyToAccount(generatePrivateKey());
  const empty = await world.pay("/films/moon").finally(() => (world.payer = rich));
  assert.equal((await call("verify_and_settle", { payment: empty, requirements })).code, "transfer_would_revert");
  assert.ok(!said().includes(relayer.slice(2)));
});

test("s62 with a state file a restart begins no new budget, and one server at a time uses it", async () => {
  const state = join(home, "state");
  const args = [...usual(), "--per-day", "0.01", "--state", state];
  const first = await start(args);
  assert.equal((await first.get("/films/moon")).status, 200);
  assert.equal((await stat(state)).mode & 0o777, 0o600);
  const { code, said } = await run(args);
  assert.deepEqual([code, said.includes("state_in_use")], [1, true], said);
  await first.client.close();
  const second = await start(args);
  assert.equal((await second.get("/reviews", { method: "POST" })).code, "over_per_day");
  // Its ticket was kept as well.
  assert.deepEqual([(await second.get("/films/other")).status, (await second.get("/films/other")).receipt], [200, undefined]);
});

test("s28 s76 neither key nor ticket nor signature stands in an answer or in the log", async () => {
  const state = join(home, "secrets");
  const { get, said } = await start(["--network", NETWORK, "--origin", world.gate.url, "--state", state], { X402_KEY: key });
  assert.equal((await get("/films/moon")).status, 200);
  // On the resource, whose receipt holds a ticket.
  assert.equal((await get("/films/moon", { headers: { authorization: "none" } })).receipt.amount, "0.01");
  assert.equal((await get("/films/moon", { headers: { "x-fate": "404" } })).status, 404);
  await get("/films/premiere", { maxAmount: "0.01" });
  const kept = await readFile(state, "utf8");
  const tickets = kept.match(/eyJ[\w-]+[.]eyJ[\w-]+[.][\w-]+/g);
  assert.ok(tickets.length > 0);
  for (const secret of [key.slice(2), ...tickets, ...tickets.map((ticket) => ticket.slice(-40))]) assert.ok(!said().includes(secret), said());
  // Nor in the header's base64.
  assert.ok(!said().includes("payment-response"), said());
  assert.ok(said().includes(privateKeyToAccount(key).address));
});

test("standard output carries the protocol and nothing else", async () => {
  const relayer = generatePrivateKey();
  await world.chain.rpc("anvil_setBalance", privateKeyToAccount(relayer).address, "0xde0b6b3a7640000");
  const env = { X402_RELAYER_KEY: relayer, X402_RPC_URL: world.chain.rpcUrl };
  const child = spawn(process.execPath, [CLI, "mcp", ...usual()], { env, stdio: ["pipe", "pipe", "ignore"] });
  const payment = await world.pay("/films/moon");
  const check = { payment, requirements: payment.accepted };
  let out = "";
  child.stdout.on("data", (chunk) => (out += chunk));
  const url = `${world.gate.url}/films/moon`;
  const init = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "raw", version: "1" } };
  for (const message of [
    { jsonrpc: "2.0", id: 1, method: "initialize", params: init },
    { jsonrpc: "2.0", method: "notifications/initialized" },
    { jsonrpc: "2.0", id: 2, method: "tools/call", params: { name: "get_with_payment", arguments: { url } } },
    // It logs what it cashes.
    { jsonrpc: "2.0", id: 3, method: "tools/call", params: { name: "verify_and_settle", arguments: check } },
  ]) {
    child.stdin.write(`${JSON.stringify(message)}\nnot JSON\n`);
  }
  while (!/"id":2[^]*"id":3|"id":3[^]*"id":2/.test(out)) await once(child.stdout, "data");
  child.stdin.end();
  const [code] = await once(child, "close");
  const lines = out.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual([code, lines.map(({ id }) => id).sort()], [0, [1, 2, 3]]);
  assert.ok(lines.every(({ result }) => !result.isError), out);
});

test("what is wrong at the start is one sentence with a code, and the end", async () => {
  const exposed = join(home, "exposed");
  await writeFile(exposed, key);
  await chmod(exposed, 0o644);
  const short = join(home, "short");
  await writeFile(short, key.slice(0, 40), { mode: 0o600 });
  const [, , ...rest] = usual();
  for (const [args, env, code] of [
    [rest, {}, "no_key"],
    [["--key-file", exposed, ...rest], {}, "key_file_exposed"],
    [["--key-file", short, ...rest], {}, "invalid_option"],
    [["--key-file", join(home, "nowhere"), ...rest], {}, "invalid_option"],
    [rest, { X402_KEY: "secret" }, "invalid_option"],
    [[...usual(), "--per-minute", "1"], {}, "unknown_option"],
    [[...usual(), "--per-day", "lots"], {}, "invalid_option"],
    [[...usual(), "--origin", "cinema.example"], {}, "invalid_option"],
    [["--key-file", keyFile, "--network", NETWORK], {}, "no_origin"],
    [["--key-file", keyFile, "--origin", "*"], {}, "invalid_option"],
    [usual(), { X402_RPC_URL: "http://127.0.0.1:9" }, "invalid_option"],
  ]) {
    const { code: status, out, said } = await run(args, env);
    assert.deepEqual([status, out], [1, ""], said);
    assert.match(said, new RegExp(`^x402-wasm: .*\\(${code}\\)$`, "m"), JSON.stringify(args));
    assert.ok(!said.includes(key.slice(2, 30)));
  }
});

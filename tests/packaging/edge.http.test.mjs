// The carrier of the gate's own requests against a server that misbehaves in every way that a node or facilitator can.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { send } from "../../pkg/dist/edge/http.js";

const seen = [];
const ANSWERS = {
  "/echo": (request, response, body) => response.end(`${request.method} ${request.headers["x-key"]} ${body}`),
  "/busy": (_, response) => response.writeHead(503, { "Retry-After": "7" }).end("later"),
  "/moved": (_, response) => response.writeHead(307, { Location: "/stolen" }).end("elsewhere"),
  "/endless": (_, response) => void setInterval(() => response.write("x".repeat(1000)), 1).unref(),
  "/bomb": (_, response) => response.writeHead(200, { "Content-Encoding": "gzip" }).end(gzipSync("0".repeat(1 << 20))),
  "/binary": (_, response) => response.end(Buffer.from([0x22, 0xff, 0x22])),
  "/silent": () => {},
  "/stalled": (_, response) => response.write("["),
  "/torn": (_, response) => response.writeHead(200, { "Content-Length": "9" }).write("[", () => response.destroy()),
};
let server;
let origin;

before(async () => {
  server = createServer(async (request, response) => {
    seen.push(request.url);
    let body = "";
    for await (const chunk of request) body += chunk;
    ANSWERS[request.url]?.(request, response, body);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  origin = `http://127.0.0.1:${server.address().port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const ask = async (path, request) => {
  const { http } = await send({ method: "POST", url: origin + path, headers: [], timeoutMs: 500, maxBytes: 4000, ...request });
  return http;
};

test("a request arrives as the core wrote it", async () => {
  const answer = await ask("/echo", { headers: [["X-Key", "k"]], body: "[1]" });
  assert.deepEqual(answer, { status: 200, body: "POST k [1]", retryAfter: null });
  assert.equal((await ask("/echo", { method: "GET" })).body, "GET undefined ");
});

test("an error of the peer is an answer", async () => {
  assert.deepEqual(await ask("/busy"), { status: 503, body: "later", retryAfter: "7" });
});

test("s59 a redirect is an answer and is not followed", async () => {
  const { status } = await ask("/moved", { headers: [["Authorization", "Bearer secret"]] });
  assert.equal(status, 307);
  assert.ok(!seen.includes("/stolen"));
});

test("s24 s51 an answer is cut off at its limit, however it is packed", async () => {
  for (const path of ["/endless", "/bomb"]) assert.equal((await ask(path)).fault, "large", path);
});

test("s51 s53 silence ends after the time that was set", async () => {
  const start = Date.now();
  assert.equal((await ask("/silent")).fault, "slow");
  assert.equal((await ask("/stalled")).fault, "slow");
  assert.ok(Date.now() - start < 3000);
});

test("s51 what is no text, broken off or not there is a fault", async () => {
  assert.equal((await ask("/binary")).fault, "encoding");
  assert.equal((await ask("/torn")).fault, "broken");
  assert.equal((await ask("", { url: "http://127.0.0.1:9/" })).fault, "unreachable");
});

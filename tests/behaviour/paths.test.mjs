// No spelling of a path, and no method, leads around the gate. As raw bytes: `fetch` would tidy them up.
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { raw } from "./raw.mjs";
import { openWorld } from "./world.mjs";

let world;
before(async () => (world = await openWorld()));
after(() => world?.close());

const SPELLINGS = [
  "/films/moon",
  "/films//moon",
  "//films/moon",
  "/films/./moon",
  "/./films/moon",
  "/films/../films/moon",
  "/served/../films/moon",
  "/served/..%2ffilms/moon",
  "/%2e/films/moon",
  "/films/%2E%2e/films/moon",
  "/films\\moon",
  "/films%5Cmoon",
  "\\films\\moon",
  "/films%2Fmoon",
  "/films%2fmoon",
  "/films%252Fmoon",
  "/films/moon%00",
  "/films/moon%0d%0a",
  "/films/moon%",
  "/films/%",
  "/films/%zz",
  "/films/moon/",
  "/films/moon\\",
  "/films/moon;x=1",
  "/films/moon?free=1",
  "/films/moon#/served",
  "/films/moon?/../../served",
  "/FILMS/moon",
  "/Films/moon",
  "/%66ilms/moon",
  "/films/%6Doon",
  "/films/mo\u00f6n",
  "/films/\u00c0\u00ae\u00c0\u00ae/served",
  "/films/premiere",
  "/films/premiere/",
  "/films/premier%65",
  "/wrapped",
  "/wrapped/",
  "//wrapped",
  "/./wrapped",
  "/wrappe%64",
  "/wrapped?x",
  "/inside",
  "/inside/",
  "/%69nside",
  "/inside%00",
  "/nowhere",
];

test("s19 no spelling of a path is served unpaid", async () => {
  for (const path of SPELLINGS) {
    for (const target of [path, `http://127.0.0.1${path}`]) {
      const { status } = await raw(world.gate, [`GET ${target} HTTP/1.1`]);
      assert.ok([400, 402, 404].includes(status), `${JSON.stringify(target)} ${status}`);
    }
  }
  assert.equal(await world.served(), 0);
});

test("s19 no method is served unpaid", async () => {
  const methods = ["HEAD", "GET", "POST", "PUT", "PATCH", "DELETE", "PROPFIND", "get", "BREW", "TRACE"];
  for (const method of methods) {
    for (const path of ["/films/moon", "/wrapped", "/inside", "/reviews"]) {
      const { status } = await raw(world.gate, [`${method} ${path} HTTP/1.1`, "Content-Length: 0"], "", { patience: 5_000 });
      assert.ok(status >= 400 && status !== 500, `${method} ${path} ${status}`);
    }
  }
  // workerd itself refuses tunnels, with a status of its own.
  assert.ok((await raw(world.gate, ["CONNECT /films/moon HTTP/1.1"])).status >= 400);
  const tricks = ["X-HTTP-Method-Override: OPTIONS", "X-Original-URL: /served", "X-Rewrite-URL: /served", "Upgrade: websocket"];
  for (const trick of tricks) {
    assert.equal((await raw(world.gate, ["GET /films/moon HTTP/1.1", trick])).status, 402, trick);
  }
  assert.equal(await world.served(), 0);
});

test("s19 what is free stays free in its one spelling", async () => {
  for (const [path, status] of [["/", 200], ["/served", 200], ["//served", 404], ["/serve%64", 404], ["/served/", 404]]) {
    assert.equal((await raw(world.gate, [`GET ${path} HTTP/1.1`])).status, status, path);
  }
});

// SQLite by the modules that the runtimes bring along: in every one of them that this machine has.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { sqlite } from "x402-wasm/edge/sqlite";
import { conforms } from "./conformance.mjs";
import { remoteStore } from "./remote.mjs";

const SERVER = fileURLToPath(new URL("serve-sqlite.mjs", import.meta.url));
const PACKAGES = new URL("../../node_modules/@oven/", import.meta.url);

// The program itself: npm's wrapper around it needs an install script.
const bun = (await readdir(PACKAGES).catch(() => [])).map((name) => fileURLToPath(new URL(`${name}/bin/bun`, PACKAGES)));

const RUNTIMES = [
  ["node", ["--no-warnings"], "process.exit(process.getBuiltinModule?.('node:sqlite') ? 0 : 1)"],
  ["deno", ["run", "--allow-all", "--node-modules-dir=manual"]],
  ...["bun", ...bun].map((path) => [path, ["run"]]),
].filter(([runtime, , check]) => spawnSync(runtime, check ? ["-e", check] : ["--version"]).status === 0);

test("a runtime with SQLite is here", () => assert.notEqual(RUNTIMES.length, 0, "install the npm packages, or Node 22.13 or newer"));

class Server {
  #process;
  #waiting = new Map();
  #next = 0;

  constructor(runtime, args, file) {
    this.start = () => {
      this.#process = spawn(runtime, [...args, SERVER, file], { stdio: ["pipe", "pipe", "inherit"] });
      createInterface({ input: this.#process.stdout }).on("line", (line) => {
        const { id, value, error } = JSON.parse(line);
        const { resolve, reject } = this.#waiting.get(id);
        this.#waiting.delete(id);
        if (error) reject(new Error(error));
        else resolve(value ?? undefined);
      });
    };
    this.start();
  }

  ask(method, args) {
    return new Promise((resolve, reject) => {
      this.#next += 1;
      this.#waiting.set(this.#next, { resolve, reject });
      this.#process.stdin.write(`${JSON.stringify({ id: this.#next, method, args })}\n`);
    });
  }

  async kill() {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.kill("SIGKILL");
    await once(this.#process, "exit");
  }
}

for (const [runtime, args] of RUNTIMES) {
  const name = basename(runtime);
  const home = () => mkdtemp(join(tmpdir(), "x402-sqlite-"));

  conforms(`sqlite in ${name}`, async () => {
    const folder = await home();
    const server = new Server(runtime, args, join(folder, "ledger.db"));
    return {
      store: remoteStore((method, asked) => server.ask(method, asked)),
      restart: async () => (await server.kill(), server.start()),
      close: async () => (await server.kill(), rm(folder, { recursive: true, force: true })),
    };
  });

  test(`s39 s52 sqlite in ${name}: two processes share a file: one claims, and one cashes at a time`, async (t) => {
    const folder = await home();
    const [one, two] = [0, 1].map(() => new Server(runtime, args, join(folder, "ledger.db")));
    t.after(async () => {
      await Promise.all([one.kill(), two.kill()]);
      await rm(folder, { recursive: true, force: true });
    });
    const [first, second] = [one, two].map((server) => remoteStore((method, asked) => server.ask(method, asked)));
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, place) => {
        const key = String(place).padStart(64, "0");
        return (await Promise.all([first, second].map((store) => store.write(key, 0, "mine")))).filter(Boolean).length;
      }),
    );
    assert.deepEqual([...new Set(answers)], [1]);
    assert.equal(await first.lease("cashier", 100, 160), true);
    assert.equal(await second.lease("cashier", 100, 160), false);
    assert.equal(await first.lease("cashier", 150, 210), true, "the holder stays seated");
    assert.equal(await second.lease("cashier", 209, 270), false);
    assert.equal(await second.lease("cashier", 210, 270), true, "a seat that was left is free");
  });
}

test("sqlite() says at once what is missing", (t) => {
  for (const path of [undefined, "", ":memory:", 7]) assert.throws(() => sqlite(path), { code: "invalid_config" });
  t.mock.method(process, "getBuiltinModule", () => undefined);
  assert.throws(() => sqlite("ledger.db"), { code: "sqlite_missing", message: /Node v.* has no SQLite built in: use Node 22/ });
});

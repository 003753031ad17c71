// Hooks in this very process, where a test can read its log and turn its clock.
import assert from "node:assert/strict";
import test, { mock } from "node:test";
import { createGate } from "x402-wasm/edge";
import { memory } from "x402-wasm/edge/memory";

const options = {
  payTo: "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
  network: "eip155:84532",
  tickets: { issuer: "https://gate.test", keys: [{ kid: "a", secret: "a secret that only this test knows." }] },
  routes: { "GET /films/:id": { price: "$0.01" } },
  ledger: memory(),
};

const ask = (hooks, ctx) => createGate({ ...options, hooks }).protect(() => new Response()).fetch(new Request("https://gate.test/films/1"), {}, ctx);
const turn = () => new Promise((resolve) => setImmediate(resolve));

async function logged(act) {
  const { mock: log } = mock.method(console, "error", () => {});
  try {
    await act();
    // Node warns there too, of its clock that can be turned.
    const ours = log.calls.filter(({ arguments: [line] }) => String(line).startsWith("x402-wasm"));
    return ours.map(({ arguments: [line, error] }) => `${line}: ${error.message}`);
  } finally {
    log.restore();
  }
}

test("a hook that throws, at once or later, is logged once and changes nothing", async () => {
  for (const onChallenge of [() => { throw new Error("broken"); }, () => Promise.reject(new Error("broken"))]) {
    const lines = await logged(async () => {
      assert.equal((await ask({ onChallenge })).status, 402);
      await turn();
    });
    assert.deepEqual(lines, ["x402-wasm: the hook onChallenge failed: broken"]);
  }
});

test("a hook that never ends is given up after ten seconds, and logged once", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const carried = [];
    const lines = await logged(async () => {
      assert.equal((await ask({ onChallenge: () => new Promise(() => {}) }, { waitUntil: (told) => carried.push(told) })).status, 402);
      await turn();
      mock.timers.tick(9_999);
      await turn();
      mock.timers.tick(1);
      await Promise.all(carried);
      mock.timers.tick(60_000);
      await turn();
    });
    assert.equal(carried.length, 1);
    assert.deepEqual(lines, ["x402-wasm: the hook onChallenge failed: It did not end within ten seconds."]);
  } finally {
    mock.timers.reset();
  }
});

test("ctx.waitUntil carries a hook, and no answer waits for it", async () => {
  const carried = [];
  let end;
  const response = await ask({ onChallenge: () => new Promise((resolve) => (end = resolve)) }, { waitUntil: (told) => carried.push(told) });
  assert.equal(response.status, 402);
  await turn();
  end();
  await Promise.all(carried);
  assert.equal(carried.length, 1);
});

test("a context that cannot carry it changes no answer", async () => {
  const waitUntil = () => { throw new TypeError("Illegal invocation"); };
  for (const ctx of [undefined, null, {}, "node", { waitUntil: 1 }, { waitUntil }]) {
    const told = [];
    assert.equal((await ask({ onChallenge: (event) => told.push(event) }, ctx)).status, 402);
    await turn();
    assert.equal(told.length, 1);
  }
});

test("s21 a hook that there is not, or that is no function, is an error at the first request", async () => {
  for (const [hooks, said] of [[{ onTickets() {} }, '"onTickets"'], [{ onTicket: "log" }, '"onTicket: string"'], [{ onTicket: null }, '"onTicket: object"']]) {
    await assert.rejects(ask(hooks), ({ code, message }) => code === "invalid_config" && message.includes(said));
  }
  assert.equal((await ask({ onTicket: undefined })).status, 402);
});

// What a gate with a node does not sell for: money that is not there, and words of a node that cannot be relied on.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import test, { after, before } from "node:test";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { openWorld } from "./world.mjs";

const NOBODY = "http://127.0.0.1:9";

let world;
let rich;
const servers = [];
before(async () => {
  world = await openWorld();
  rich = world.payer;
});
after(async () => {
  for (const server of servers) server.closeAllConnections(), server.close();
  await world?.close();
});

async function refused(payment, status, code) {
  const served = await world.served();
  for (const response of [await world.payOn("/films/moon", payment), await world.buy("matinee", payment)]) {
    assert.deepEqual([response.status, (await response.json()).code], [status, code]);
    assert.equal(response.headers.get("retry-after"), status === 503 ? "1" : null);
  }
  assert.equal(await world.served(), served);
}

/** A node that answers with what `answer` makes of the honest answers; counts what it is asked. */
async function node(answer) {
  let asked = 0;
  const server = createServer(async (request, response) => {
    asked += 1;
    let body = "";
    for await (const chunk of request) body += chunk;
    const honest = await (await fetch(world.chain.rpcUrl, { method: "POST", headers: { "content-type": "application/json" }, body })).json();
    response.setHeader("content-type", "application/json");
    const told = answer(honest, response);
    if (told !== undefined) response.end(typeof told === "string" ? told : JSON.stringify(told));
  });
  servers.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return { url: `http://127.0.0.1:${server.address().port}`, asked: () => asked };
}

test("s43 a drained payer is refused before anything is granted, and a poor one too", async () => {
  await world.askingChain();
  const poor = privateKeyToAccount(generatePrivateKey());
  world.payer = poor;
  const payment = await world.pay("/films/moon");
  await refused(payment, 402, "invalid_exact_evm_insufficient_balance");
  await world.chain.mint(poor.address, 9_999);
  await refused(payment, 402, "invalid_exact_evm_insufficient_balance");
  // Nothing was used up: the same payment buys once the money is there.
  await world.chain.mint(poor.address, 1);
  assert.equal((await world.buy("matinee", payment)).status, 200);
  world.payer = rich;
});

test("s49 a nonce that was used elsewhere buys nothing here, and one that paid us buys what it did", async () => {
  const payment = await world.pay("/films/moon");
  const sold = await (await world.buy("matinee", payment)).json();
  await world.settled(sold.jti);
  assert.equal((await (await world.buy("matinee", payment)).json()).access_token, sold.access_token);
  // Settled on the chain by somebody else, and unknown to this gate's ledger.
  const { authorization, signature } = (await world.pay("/films/moon")).payload;
  const fresh = await world.pay("/films/moon");
  fresh.payload = { authorization, signature };
  const word = (value) => BigInt(value).toString(16).padStart(64, "0");
  const [r, s, v] = [signature.slice(2, 66), signature.slice(66, 130), signature.slice(130).padStart(64, "0")];
  const { from, to, value, validAfter, validBefore, nonce } = authorization;
  const fields = [from, to, value, validAfter, validBefore, nonce].map(word).join("");
  const data = `0xe3ee160e${fields}${v}${r}${s}`;
  await world.chain.rpc("eth_sendTransaction", { from: world.chain.faucet.address, to: world.chain.usdc, data });
  await refused(fresh, 402, "invalid_exact_evm_nonce_already_used");
});

test("s21 s51 a chain that is away or lies grants nothing, and the same payment buys when it is back", async () => {
  const payment = await world.pay("/films/moon");
  const liars = {
    garbage: () => "<html>502</html>",
    nothing: () => "[]",
    "errors for everything": (honest) => honest.map(({ id }) => ({ jsonrpc: "2.0", id, error: { code: -32005, message: "rate limited" } })),
    "another chain": (honest) => honest.map((entry) => (entry.id === 0 ? { ...entry, result: "0x1" } : entry)),
    "one answer twice": (honest) => [...honest, honest[0]],
    "an error page with good answers": (honest, response) => ((response.statusCode = 500), honest),
    "a redirect": (_, response) => (response.writeHead(307, { location: world.chain.rpcUrl }), ""),
    "without end": (_, response) => void setInterval(() => response.write(" ".repeat(100_000)), 5).unref(),
  };
  for (const [name, answer] of Object.entries(liars)) {
    const liar = await node(answer);
    await world.askingChain({ rpc: liar.url });
    await refused(payment, 503, "chain_unreachable");
    assert.equal(liar.asked(), 2, name);
  }
  await world.askingChain({ rpc: NOBODY });
  await refused(payment, 503, "chain_unreachable");
  await world.askingChain();
  assert.equal((await world.buy("matinee", payment)).status, 200);
});

test("s51 where one node says nothing of use, the next is asked, and each once", async () => {
  const [broken, honest, spare] = [await node(() => "[]"), await node((answers) => answers), await node((answers) => answers)];
  await world.askingChain({ rpc: [NOBODY, broken.url, honest.url, spare.url] });
  assert.equal((await world.payOn("/films/moon", await world.pay("/films/moon"))).status, 200);
  assert.deepEqual([broken.asked(), honest.asked(), spare.asked()], [1, 1, 0]);
});

test("s53 a node that hangs is given up after five seconds", async () => {
  const silent = await node(() => undefined);
  await world.askingChain({ rpc: [silent.url, world.chain.rpcUrl] });
  const payment = await world.pay("/films/moon");
  const begin = performance.now();
  assert.equal((await world.buy("matinee", payment)).status, 200);
  const took = performance.now() - begin;
  assert.ok(took > 4_500 && took < 9_000, `${took} ms`);
});

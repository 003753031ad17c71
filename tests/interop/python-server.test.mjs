// Our payer buys at the real Python server of x402-mock, installed from PyPI.
import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import test, { after, before } from "node:test";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { createPayer, LocalWallet } from "x402-wasm";
import { startChain } from "../../www/stage/chain.mjs";
import { end } from "../../www/stage/children.mjs";
import { claimPort } from "../../www/stage/port.mjs";
import { MATINEE, NETWORK, transfersOf } from "./cinema.mjs";
import { startPython } from "./python.mjs";

// This server settles with its own key, and the payee is the same.
const sellerKey = generatePrivateKey();
const seller = privateKeyToAccount(sellerKey).address.toLowerCase();

let chain;
let server;
let url;

before(async () => {
  chain = await startChain({ port: 0 });
  await chain.rpc("anvil_setBalance", seller, "0xde0b6b3a7640000");
  const port = await claimPort(0, "the Python server");
  server = startPython("seller.py", [port, chain.rpcUrl], { EVM_PRIVATE_KEY: sellerKey });
  assert.equal(await firstLine(server), "open", "the Python server did not start; its last words are above");
  url = `http://127.0.0.1:${port}/film`;
});

after(async () => {
  // Asked politely, it would first wait for its settlements, which it looks for every six seconds.
  if (server) await end(server, "SIGKILL");
  await chain?.stop();
});

test("our payer buys a film with one signature, comes back on the same token, and the server is paid once", async () => {
  const wallet = LocalWallet.generate();
  await chain.mint(wallet.address, 1_000_000n);
  const told = [];
  const observed = (input, init) => {
    const request = new Request(input, init);
    told.push(`${request.method} ${new URL(request.url).pathname}`);
    return fetch(request);
  };
  const payer = createPayer({ wallet, budget: { perPayment: "0.01", perDay: "0.02" }, networks: [NETWORK], fetch: observed });

  for (let visit = 0; visit < 3; visit += 1) {
    const response = await payer.fetch(url);
    assert.equal(response.status, 200);
    assert.equal((await response.json()).film, "from Python");
  }
  assert.deepEqual(told.filter((request) => request.startsWith("POST")), ["POST /token"]);
  assert.equal(payer.spending().perDay.spent, "0.01");

  assert.deepEqual(
    (await firstTransfers(wallet.address)).map(({ to, value }) => [to, value]),
    [[seller, MATINEE]],
  );
});

async function firstTransfers(payer) {
  for (let waited = 0; waited < 20_000; waited += 100) {
    const transfers = await transfersOf(chain, payer);
    if (transfers.length > 0) return transfers;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return [];
}

async function firstLine(child) {
  for await (const line of createInterface({ input: child.stdout })) return line;
}

// Permit2 as x402-mock has it, signed for the payee's own account: its client at our gate, our payer at its server.
import assert from "node:assert/strict";
import test, { after } from "node:test";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { createPayer, LocalWallet } from "x402-wasm";
import { openWorld } from "../behaviour/world.mjs";
import { NETWORK, PRICE } from "./gates/films.js";
import { runPython } from "./stage/python.mjs";
import { serverOfX402Mock } from "./stage/servers.mjs";
import { Stage } from "./stage/stage.mjs";
import { onlyTransferOf } from "./stage/transfers.mjs";

// The relayer of the local chain: who cashes such a permit must be the payee.
const PAYEE = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const CURRENCY = "USDT";

const stage = new Stage();

after(() => stage.close());

test("x402-mock's client buys at our gate with a Permit2 permit, which our relayer cashes as its payee", async () => {
  const world = await openWorld({ bindings: { PAY_TO: PAYEE, SYMBOL: CURRENCY } });
  stage.atTheEnd(world.close);
  const key = generatePrivateKey();
  const { address } = privateKeyToAccount(key);
  await world.chain.mint(address, 1_000_000);
  // It allows Permit2 something by itself, and needs gas money for that.
  await world.chain.rpc("anvil_setBalance", address, "0xde0b6b3a7640000");
  const variables = { EVM_PRIVATE_KEY: key, CURRENCY };
  const bought = await runPython("clients/x402_mock.py", [`${world.gate.url}/permit2`, world.chain.rpcUrl, 1, 1], variables);
  assert.deepEqual([bought.status, bought.body.film], [200, "/permit2"]);
  const { to, value } = await onlyTransferOf(world.chain, address);
  assert.deepEqual([to, value], [PAYEE.toLowerCase(), PRICE]);
  assert.equal((await world.settled(bought.answer.jti)).state, "settled");
});

test("our payer buys at x402-mock's server with a Permit2 permit, with its owner's yes", async () => {
  const open = serverOfX402Mock("servers/x402_mock.py", { CURRENCY });
  const [{ url, payTo }, chain] = await Promise.all([stage.part(open), stage.chain()]);
  const wallet = LocalWallet.generate();
  await chain.mint(wallet.address, 1_000_000n);
  const permit2 = async ({ transaction }) => Boolean(await chain.sendAs(transaction));
  const payer = createPayer({ wallet, networks: [NETWORK], permit2 });
  const response = await payer.fetch(url);
  assert.deepEqual([response.status, (await response.json()).film], [200, "moon"]);
  const { to, value } = await onlyTransferOf(chain, wallet.address);
  assert.deepEqual([to, value], [payTo.toLowerCase(), PRICE]);
});

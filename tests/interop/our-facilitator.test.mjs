// Our facilitator as stock servers see it, beside the purchases of the matrix.
import assert from "node:assert/strict";
import test, { after } from "node:test";
import { HTTPFacilitatorClient } from "@x402/core/server";
import { buy } from "./clients/fetch.mjs";
import { open as openHono } from "./servers/hono.node.mjs";
import { ourFacilitatorInWorkerd } from "./stage/facilitators.mjs";
import { Stage } from "./stage/stage.mjs";
import { transfersOf } from "./stage/transfers.mjs";

const stage = new Stage();
after(() => stage.close());

test("HTTPFacilitatorClient reads its kinds, and a client without money is refused and not served", async () => {
  const [{ url: facilitator }, chain] = await Promise.all([stage.part(ourFacilitatorInWorkerd), stage.chain()]);
  const { kinds, signers } = await new HTTPFacilitatorClient({ url: facilitator }).getSupported();
  const known = kinds.map(({ x402Version, scheme, network }) => [x402Version, scheme, network]);
  assert.deepEqual(known, [[2, "exact", "eip155:84532"], [1, "exact", "base-sepolia"]]);
  assert.equal(signers["eip155:*"].length, 1);

  const { account, address } = await stage.visitor();
  await spendAll(chain, address);
  const url = await stage.listen(openHono({ facilitator, payTo: chain.payee.address }));
  const { status, body } = await buy(`${url}/film`, account);
  assert.equal(status, 402);
  assert.equal(body.film, undefined);
  assert.equal((await transfersOf(chain, address)).filter(({ to }) => to === chain.payee.address).length, 0);
});

async function spendAll(chain, address) {
  const balance = await chain.balanceOf(address);
  const data = `0xa9059cbb${"1".padStart(64, "0")}${balance.toString(16).padStart(64, "0")}`;
  await chain.rpc("anvil_setBalance", address, "0xde0b6b3a7640000");
  await chain.rpc("anvil_impersonateAccount", address);
  await chain.rpc("eth_sendTransaction", { from: address, to: chain.usdc, data });
  await chain.rpc("anvil_stopImpersonatingAccount", address);
  assert.equal(await chain.balanceOf(address), 0n);
}

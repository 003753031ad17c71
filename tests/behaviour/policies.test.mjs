// When the money moves, how much is lent, and what becomes of those whose check bounces: in real workerd, on a real chain.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import test, { after, before } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { encodeFunctionData, parseAbi } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { fromHeader, openWorld, ticketOf } from "./world.mjs";

const OPERATOR_KEY = "the key of an operator, 32 bytes.";
const TRANSFER_WITH_AUTHORIZATION = parseAbi([
  "function transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)",
]);
// Port 9 on this machine: nobody listens there.
const NOBODY = "http://127.0.0.1:9";

for (const shards of ["1", "3"]) {
  const inShards = `${shards} ledger${shards === "1" ? "" : "s"}`;
  let world;
  let told;
  let hook;
  before(async () => {
    told = [];
    hook = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      told.push(JSON.parse(body));
      response.end();
    }).listen(0, "127.0.0.1");
    await once(hook, "listening");
    const bindings = {
      SHARDS: shards,
      KEEP: "1",
      PER_PAYER: "0.02",
      OPERATOR_KEY,
      HOOK_URL: `http://127.0.0.1:${hook.address().port}`,
    };
    world = await openWorld({ entry: fileURLToPath(new URL("policies.js", import.meta.url)), bindings });
  });
  after(async () => {
    await world?.close();
    hook?.close();
  });

  /** Somebody new, with so much money. */
  async function somebody(money = 1_000_000) {
    world.payer = privateKeyToAccount(generatePrivateKey());
    if (money > 0) await world.chain.mint(world.payer.address, money);
  }

  const buy = async (scope, payment) => {
    const response = await world.buy(scope, payment);
    return { status: response.status, retryAfter: response.headers.get("retry-after"), ...(await response.json()) };
  };

  const eventually = async (what, look, within = 120_000) => {
    for (const end = Date.now() + within; Date.now() < end; await pause(100)) {
      const seen = await look();
      if (seen) return seen;
    }
    assert.fail(`${what}: not within ${within} ms`);
  };

  test(`s40 ${inShards}: a route that settles first serves when the transfer is on the chain, and its receipt names it`, async () => {
    await somebody();
    const payment = await world.pay("/before");
    const response = await world.payOn("/before", payment);
    assert.deepEqual([response.status, await response.json()], [200, { film: "/before" }]);
    const [transfer, ...others] = await world.transfers();
    assert.deepEqual(others, []);
    assert.equal(fromHeader(response.headers.get("payment-response")).transaction, transfer.transactionHash);
    const { token, id } = ticketOf(response);
    assert.equal((await world.withTicket("/before", token)).status, 200);
    assert.equal((await world.record(id)).state, "settled");
    const again = await buy("before", payment);
    assert.deepEqual([again.status, again.access_token], [200, token]);
    assert.equal((await world.transfers()).length, 1);
  });

  test(`s41 s39 ${inShards}: 50 at once on a route that settles first move the money once and get one ticket`, async () => {
    await somebody();
    const payment = await world.pay("/before");
    const answers = await Promise.all(Array.from({ length: 50 }, () => buy("before", payment)));
    for (const answer of answers) assert.equal(answer.status, 200, JSON.stringify(answer));
    assert.equal(new Set(answers.map(({ access_token }) => access_token)).size, 1);
    assert.equal((await world.transfers()).length, 1);
  });

  test(`s46 ${inShards}: while the chain is away the answer is 202, and the same payment is served when it is back`, async () => {
    await somebody();
    const payment = await world.pay("/before");
    await world.gate.restart({ RPC_URL: NOBODY });
    for (const response of [await world.buy("before", payment), await world.payOn("/before", payment)]) {
      assert.equal(response.status, 202);
      assert.equal(response.headers.get("payment-required"), null);
      assert.ok(Number(response.headers.get("retry-after")) > 0);
      assert.equal((await response.json()).code, "settlement_pending");
    }
    await world.gate.restart({ RPC_URL: world.chain.rpcUrl });
    await eventually("served", async () => (await buy("before", payment)).status === 200, 30_000);
    assert.equal((await world.transfers()).length, 1);
  });

  test(`s43 ${inShards}: an empty account is told so, and pays with the same payment when it is filled`, async () => {
    await somebody(0);
    const payment = await world.pay("/before");
    const refused = await buy("before", payment);
    assert.deepEqual([refused.status, refused.code], [402, "transfer_would_revert"]);
    await world.chain.mint(world.payer.address, 10_000);
    assert.equal((await buy("before", payment)).status, 200);
  });

  test(`s45 ${inShards}: within credit it is served at once, above it settled first, under any crowd`, async () => {
    await somebody();
    await world.gate.restart({ RPC_URL: NOBODY });
    const payments = await Promise.all(Array.from({ length: 8 }, () => world.pay("/after")));
    const answers = await Promise.all(payments.map((payment) => buy("after", payment)));
    const statuses = answers.map(({ status }) => status).sort();
    assert.deepEqual(statuses, [200, 200, 202, 202, 202, 202, 202, 202]);
    const { creditInUse, outstanding } = await report();
    assert.equal(creditInUse, "0.020000");
    assert.ok(outstanding.count >= 2);
    await world.gate.restart({ RPC_URL: world.chain.rpcUrl });
    for (const payment of payments) await eventually("settled", async () => (await buy("after", payment)).status === 200, 30_000);
    await eventually("settled", async () => (await world.transfers()).length === 8);
    assert.equal((await buy("after", await world.pay("/after"))).status, 200);
  });

  /** What anybody may do who holds an authorization; the hash of the transaction that did it. */
  async function cashByHand({ authorization, signature }) {
    const { from, to, value, validAfter, validBefore, nonce } = authorization;
    const [r, s, v] = [`0x${signature.slice(2, 66)}`, `0x${signature.slice(66, 130)}`, parseInt(signature.slice(130), 16)];
    const args = [from, to, value, validAfter, validBefore, nonce, v, r, s];
    const data = encodeFunctionData({ abi: TRANSFER_WITH_AUTHORIZATION, args });
    const { rpc, faucet, usdc } = world.chain;
    const hash = await rpc("eth_sendTransaction", { from: faucet.address, to: usdc, data });
    await eventually("mined", () => rpc("eth_getTransactionReceipt", hash));
    return hash;
  }

  async function report() {
    const response = await world.withTicket("/ledger", OPERATOR_KEY);
    assert.equal(response.status, 200);
    return response.json();
  }

  test(`s36 s50 ${inShards}: a check that bounces withdraws its ticket, ends its payer's credit, and reaches the hook`, async () => {
    await somebody(0);
    const unpaid = await world.pay("/revocable");
    const { access_token, jti, status } = await buy("revocable", unpaid);
    assert.equal(status, 200, "on credit");
    await eventually("withdrawn", async () => (await world.withTicket("/revocable", access_token)).status === 402);
    const refused = await world.withTicket("/revocable", access_token);
    assert.equal((await refused.json()).code, "ticket_revoked");
    // The window closes without money, by the chain's own clock: evidence, and the end of it.
    const isFailed = async () => (await world.chain.rpc("evm_mine"), (await world.record(jti))?.state === "failed");
    await eventually("failed", isFailed, 40_000);
    assert.equal((await world.withTicket("/revocable", access_token)).status, 402);
    await eventually("told", () => told.length > 0);
    assert.deepEqual(told.map((check) => [check.jti, check.state, check.evidence]), [[jti, "failed", "expired"]]);
    assert.ok(!JSON.stringify(told).includes(unpaid.payload.signature.slice(4)), "no signature in what the hook is told");
    const { failed } = await report();
    assert.equal(failed.count, 1);
    // Solvent now, and still without credit: the money moves first.
    await world.chain.mint(world.payer.address, 1_000_000);
    const before = (await world.transfers()).length;
    assert.equal((await buy("after", await world.pay("/after"))).status, 200);
    assert.equal((await world.transfers()).length, before + 1, "settled before the answer");
  });

  test(`s44 ${inShards}: a record is there as long as its payment or ticket could come again, and is forgotten then`, async () => {
    await somebody();
    const payment = await world.pay("/brief");
    const { jti, access_token } = await buy("brief", payment);
    await world.settled(jti);
    const { validBefore } = payment.payload.authorization;
    while (Date.now() / 1000 < Number(validBefore) + 1) {
      assert.equal((await world.record(jti)).state, "settled");
      await pause(200);
    }
    await eventually("forgotten", async () => (await world.record(jti)) === null);
    const [again, late] = [await buy("brief", payment), await world.withTicket("/brief", access_token)];
    assert.deepEqual([again.status, again.code], [402, "invalid_exact_evm_payload_authorization_valid_before"]);
    assert.equal(late.status, 402);
    assert.equal((await world.transfers()).length, 1);
  });

  test(`s51 ${inShards}: the ledger is held against the chain, payment by payment`, async () => {
    await somebody();
    const reconcile = async () => {
      const headers = { authorization: `Bearer ${OPERATOR_KEY}` };
      const response = await world.fetch("/ledger/reconcile?blocks=1000", { method: "POST", headers });
      assert.equal(response.status, 200);
      const [report, ...others] = await response.json();
      assert.deepEqual(others, []);
      return report;
    };
    const { jti } = await buy("after", await world.pay("/after"));
    await world.settled(jti);
    const agreed = await reconcile();
    assert.ok(agreed.payments > 0 && agreed.records > 0, JSON.stringify(agreed));
    assert.equal(agreed.differences.filter((own) => own.jti === jti).length, 0);

    // Money that came by an authorization which this gate never saw.
    const { payload } = await world.pay("/after");
    const transaction = await cashByHand(payload);
    const { differences } = await reconcile();
    const [stray] = differences.filter((own) => own.transaction === transaction);
    assert.equal(stray?.difference, "unknown_to_ledger", JSON.stringify(differences));
    const refused = await world.fetch("/ledger/reconcile", { method: "POST" });
    assert.equal(refused.status, 401);
  });

  test(`s28 ${inShards}: the operator's report needs the operator's key`, async () => {
    for (const key of ["", "wrong", `${OPERATOR_KEY} `.repeat(2)]) {
      const refused = await world.withTicket("/ledger", key);
      assert.deepEqual([refused.status, (await refused.json()).code], [401, "operator_key_required"]);
    }
    const seen = await report();
    assert.deepEqual(Object.keys(seen), ["outstanding", "settled", "failed", "unknown", "creditInUse", "oldestUnsettled"]);
    assert.ok(seen.settled.count > 0);
  });
}

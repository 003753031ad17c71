// Power cuts under load: again and again workerd is killed in the middle of selling and cashing, started again on the
// same disk, and asked with the same payments. Three ledgers, one relayer's writer, a chain that runs on.
//
// X402_SEED replays the plan of a run: when each cut comes, how many payments there are and how they are sent. The
// machine's own timing is not replayed. X402_ROUNDS says how many cuts.
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import test from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { ticketOf, toHeader } from "../behaviour/world.mjs";
import { Line, cashed, dice, openHouse, report } from "./house.mjs";

const ROUNDS = Number(process.env.X402_ROUNDS ?? 200);
const SEED = Number(process.env.X402_SEED ?? randomInt(2 ** 32));
// A claim whose gate died is given back after its lease of thirty seconds, on a machine with time for that.
const LEASE_MS = 180_000;

/** One payment: how it is sent, and everything that was ever answered to it. */
class Purchase {
  tickets = new Set();
  odd = [];

  constructor(payment, onResource) {
    this.payment = payment;
    this.onResource = onResource;
  }

  get isAnswered() {
    return this.tickets.size > 0;
  }

  /** Sends it once. An answer that is lost in a cut is no answer. */
  async send(line) {
    const answer = await (this.onResource ? this.#onResource(line) : this.#atOffice(line)).catch(() => undefined);
    if (answer?.status === 200) this.tickets.add(this.onResource ? ticketIn(answer.headers) : JSON.parse(answer.text).access_token);
    // Somebody else holds the claim: busy, and nothing is lost.
    else if (answer && !(answer.status === 503 && answer.headers["retry-after"])) this.odd.push(`${answer.status} ${answer.text}`);
  }

  #atOffice(line) {
    const headers = { "content-type": "application/json" };
    return line.send("POST", "/token?scope=film", { headers, body: JSON.stringify(this.payment) });
  }

  #onResource(line) {
    return line.send("GET", "/films/moon", { headers: { "payment-signature": toHeader(this.payment) } });
  }
}

const ticketIn = (headers) => ticketOf({ headers: new Map(Object.entries(headers)) }).token;

/** Load until the lights go out: new payments several times each, and old ones that come again. Most come just then. */
async function loadUntilCut(world, line, draw, purchases, old) {
  const after = draw.between(50, 400);
  const isOut = pause(after).then(() => world.gate.kill());
  const visits = [...purchases, ...old].flatMap((purchase) => {
    const isEarly = draw.isHit(0.3);
    return Array.from({ length: draw.between(1, 4) }, async () => {
      await pause(isEarly ? draw.between(0, after) : after - draw.between(0, 12));
      await purchase.send(line);
    });
  });
  await Promise.all([isOut, ...visits]);
}

test(`s53 s41 s52 ${ROUNDS} power cuts under load: no second grant, no lost payment, each check cashed once`, async (t) => {
  t.diagnostic(`X402_SEED=${SEED} X402_ROUNDS=${ROUNDS}`);
  const draw = dice(SEED);
  const world = await openHouse({ shards: 3 });
  t.after(world.close);
  await world.chain.mint(world.payer.address, 1_000_000_000);
  const all = [];
  const late = [];
  let lost = 0;
  let open = 0;
  const begin = performance.now();
  for (let round = 0; round < ROUNDS; round += 1) {
    const count = draw.between(3, 8);
    const payments = await Promise.all(Array.from({ length: count }, () => world.pay("/films/moon")));
    const purchases = payments.map((payment) => new Purchase(payment, draw.isHit(0.3)));
    const old = all.length > 0 ? [all[draw.between(0, all.length - 1)]] : [];
    const line = new Line(world.gate.port);
    await loadUntilCut(world, line, draw, purchases, old);
    line.close();
    lost += purchases.filter((purchase) => !purchase.isAnswered).length;
    await world.gate.restart();
    open += (await report(world)).outstanding.count;

    const again = new Line(world.gate.port);
    await Promise.all([...purchases, ...old].map((purchase) => purchase.send(again)));
    again.close();
    late.push(...purchases.filter((purchase) => !purchase.isAnswered));
    all.push(...purchases);
    for (const { tickets, odd } of [...purchases, ...old]) {
      assert.deepEqual([odd, tickets.size <= 1], [[], true], `round ${round}: ${JSON.stringify([...tickets])}`);
    }
  }
  const cut = (performance.now() - begin) / 1_000;

  // Nothing is lost: what died between claim and grant gets its ticket once the lease is over.
  const line = new Line(world.gate.port);
  const patience = Date.now() + LEASE_MS;
  const waited = late.length;
  for (let left = late; left.length > 0; left = left.filter((purchase) => !purchase.isAnswered)) {
    assert.ok(Date.now() < patience, `${left.length} payments get no ticket: ${left.flatMap(({ odd }) => odd)}`);
    for (const purchase of left) await purchase.send(line);
    await pause(200);
  }
  for (const purchase of all) await purchase.send(line);
  line.close();
  const tickets = new Set();
  for (const purchase of all) {
    assert.deepEqual([purchase.odd, purchase.tickets.size], [[], 1], "one payment, one ticket");
    tickets.add([...purchase.tickets][0]);
  }
  assert.equal(tickets.size, all.length);

  // Every check is cashed, and nothing is left open.
  const end = Date.now() + 600_000;
  let seen = await report(world);
  while (seen.settled.count < all.length && Date.now() < end) seen = await (await pause(500), report(world));
  t.diagnostic(
    `${all.length} payments in ${ROUNDS} cuts, ${lost} answers lost, ${waited} waited for their lease, ` +
      `${open} checks found open at a restart; ${cut.toFixed(1)} s of cuts, ${((performance.now() - begin) / 1_000).toFixed(1)} s in all`,
  );
  assert.deepEqual(
    { outstanding: seen.outstanding.count, settled: seen.settled.count, failed: seen.failed.count, unknown: seen.unknown.count },
    { outstanding: 0, settled: all.length, failed: 0, unknown: 0 },
  );
  const { perNonce, all: transfers } = await cashed(world);
  for (const { payment } of all) assert.equal(perNonce.get(payment.payload.authorization.nonce), 1, "cashed exactly once");
  assert.equal(transfers, all.length);
  assert.equal(await world.chain.balanceOf(world.chain.payee.address), BigInt(all.length) * 10_000n);
});

// The cells of who settles for whom: `play(stage)` answers with the door of the facilitator that moved the money.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { buy } from "../clients/fetch.mjs";
import { PRICE } from "../gates/films.js";
import { gateAtStockFacilitator, withOurFacilitator } from "./facilitators.mjs";
import { onlyTransferOf } from "./transfers.mjs";

const PATIENCE = 20_000;

/** A stock client buys at our gate; the stock facilitator makes the transfer that our ledger names. */
export async function ourGateAtTheStockFacilitator(stage) {
  const [url, chain, visitor] = await Promise.all([stage.part(gateAtStockFacilitator), stage.chain(), stage.visitor()]);
  const { status, body, receipt } = await buy(`${url}/films/moon`, visitor.account);
  assert.deepEqual([status, body.film, receipt.success], [200, "moon", true]);
  const { to, value, transaction } = await onlyTransferOf(chain, visitor.address);
  assert.deepEqual([to, value], [chain.payee.address, PRICE]);
  const record = await settled(url, body.jti);
  assert.deepEqual([record.transaction, record.evidence], [transaction, "transferred"]);
  return "POST /settle";
}

/** A stock client buys at a stock server, whose facilitator is ours; the transfer is the one in the client's receipt. */
export const atOurFacilitator = (open) => async (stage) => {
  const [{ url, payTo }, chain, visitor] = await Promise.all([open(withOurFacilitator(stage)), stage.chain(), stage.visitor()]);
  const { status, body, receipt } = await buy(url, visitor.account);
  assert.deepEqual([status, body.film, receipt.success, receipt.payer], [200, "moon", true, visitor.address]);
  const { to, value, transaction } = await onlyTransferOf(chain, visitor.address);
  assert.deepEqual([to, value, receipt.transaction], [payTo.toLowerCase(), PRICE, transaction]);
  return "POST /settle";
};

async function settled(url, jti) {
  for (const end = Date.now() + PATIENCE; ; await pause(100)) {
    const record = await (await fetch(`${url}/payments/${jti}`)).json();
    if (record.state === "settled") return record;
    assert.ok(Date.now() < end, JSON.stringify(record));
  }
}

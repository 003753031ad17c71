// What the payer's own allocator is asked for, it gets back: linear memory never shrinks, so it must not grow.
import assert from "node:assert/strict";
import test from "node:test";
import { createPayer, LocalWallet } from "x402-wasm";
import { instances } from "./instances.mjs";

const REQUESTS = Number(process.env.REQUESTS ?? 30_000);

const offer = {
  scheme: "exact",
  network: "eip155:84532",
  amount: "1",
  asset: "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
  payTo: "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
  maxTimeoutSeconds: 300,
};
const challenge = btoa(JSON.stringify({ x402Version: 2, accepts: [offer] }));

async function shop(input, init) {
  const isFree = input.includes("free");
  if (isFree || new Headers(init?.headers).has("payment-signature")) return new Response("here you are");
  return new Response(null, { status: 402, headers: { "payment-required": challenge } });
}

test("s73 requests, payments and keys leave no page behind", async () => {
  const budget = { perDay: "1000" };
  const payer = createPayer({ wallet: LocalWallet.generate(), networks: [offer.network], budget, fetch: shop });
  const visit = async (requests) => {
    for (let number = 0; number < requests; number++) {
      // Of every size, and one in twenty is paid.
      const path = number % 20 ? "free" : "film";
      assert.equal((await payer.fetch(`https://shop.example/${path}/${"a".repeat(number % 500)}`)).status, 200);
    }
    LocalWallet.generate().destroy();
  };
  // Until the history is full.
  await visit(4_000);
  const [{ memory }] = instances;
  const before = memory.buffer.byteLength;
  await visit(REQUESTS);
  assert.equal(memory.buffer.byteLength, before);
  assert.equal(payer.spending().perPayment, "0.1");
});

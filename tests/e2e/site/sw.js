import { createPayer } from "x402-wasm";
import { payFor } from "x402-wasm/service-worker";
import { indexedDb } from "x402-wasm/store/indexeddb";
import { Vault } from "x402-wasm/vault";

payFor(async () => {
  // Key, budget and tickets outlive the worker, which the browser ends whenever it is idle.
  const wallet = await Vault.open();
  if (!wallet.address) await wallet.generate();
  return createPayer({ wallet, networks: ["eip155:84532"], store: indexedDb() });
});

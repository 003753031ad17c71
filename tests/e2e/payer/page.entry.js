// The script of the page: the package, for the tests to use as a page would.
import * as payer from "x402-wasm";
import { indexedDb } from "x402-wasm/store/indexeddb";
import { Vault } from "x402-wasm/vault";
import { connectWallet, watchWallets } from "x402-wasm/wallets";
import { instances } from "../../packaging/instances.mjs";
import { installWallet } from "./extension.js";

export { connectWallet, indexedDb, installWallet, Vault, watchWallets };
export const { createPayer, init, LocalWallet } = payer;

/** A payer on the tests' chain, and a list of what it tells. */
export async function open(options) {
  await init();
  const own = createPayer({ networks: ["eip155:84532"], ...options });
  const told = [];
  for (const type of ["payment", "ticket", "refusal", "budget"]) own.addEventListener(type, () => told.push(type));
  return { payer: own, told };
}

/** The status of an answer, or the code of a refusal. */
export const outcome = (request) => request.then(({ status }) => status, ({ code, name }) => (typeof code === "string" ? code : name));

/** How often these bytes stand in wasm's memory, in either order. */
export function copiesOf(bytes) {
  const memory = new Uint8Array(instances[0].memory.buffer);
  const isAt = (at, wanted) => wanted.every((byte, offset) => memory[at + offset] === byte);
  let copies = 0;
  for (const wanted of [bytes, bytes.toReversed()]) {
    for (let at = memory.indexOf(wanted[0]); at >= 0; at = memory.indexOf(wanted[0], at + 1)) copies += isAt(at, wanted);
  }
  return copies;
}

/** A vault's row as it lies in the database; `change` may change it. */
export async function rowOf(name, change) {
  const database = await settled(indexedDB.open("x402-wasm vault"));
  const rows = database.transaction("rows", "readwrite").objectStore("rows");
  const row = await settled(rows.get(name));
  if (change) await settled(rows.put(change(row), name));
  database.close();
  return row;
}

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// The build that pages load has the same tests, and says what it lacks. A page gets it by being no known server.
import assert from "node:assert/strict";
import { register } from "node:module";
import test from "node:test";

const lean = import.meta.resolve("../../pkg/dist/entry/inline.js");
const resolve = `export const resolve = (name, context, next) => next(name === "x402-wasm" ? ${JSON.stringify(lean)} : name, context);`;
register(`data:text/javascript,${encodeURIComponent(resolve)}`);

await import("./payer.test.mjs");
await import("./payer.v1.test.mjs");

const { createPayer, LocalWallet } = await import("x402-wasm");
const options = { wallet: LocalWallet.generate(), networks: ["eip155:84532"], permit2: () => true };

test("an option of the full build names the import to change", () => {
  assert.throws(() => createPayer(options), { code: "needs_full_build", message: /`permit2`.*`x402-wasm\/full`/ });
});

// The Durable Object's store, opened to the test that asks it over HTTP.
import "x402-wasm/edge";
import { durableObject, Ledger as Whole } from "x402-wasm/edge/durable-object";
import { withoutNull } from "./remote.mjs";

/** Nobody cashes here: an alarm would set aside what the test says is due. */
export class Ledger extends Whole {
  async alarm() {}
}

export default {
  async fetch(request, env) {
    const { method, args } = await request.json();
    const store = durableObject(env.LEDGER, { shards: Number(env.SHARDS) });
    if (method === "nameOf") return Response.json({ value: store.nameOf(...args) });
    return Response.json({ value: await store[method](...withoutNull(args)) });
  },
};

import { durableObject } from "x402-wasm/edge/durable-object";
import { cinema } from "./hono.app.js";

export { Ledger } from "x402-wasm/edge/durable-object";

export default cinema((env) => durableObject(env.LEDGER));

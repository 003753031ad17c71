// The same gate for a worker that only checks and sells.
import { createGate, elsewhere } from "x402-wasm/edge/lean";
import { OPTIONS } from "./ours.options.js";

const gate = createGate({ ...OPTIONS, settle: elsewhere() });

export default gate.protect(() => new Response("the film"));

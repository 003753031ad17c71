// The same gate with the module that is compiled for speed.
import { createGate } from "x402-wasm/edge/fast";
import { OPTIONS } from "./ours.options.js";

const gate = createGate(OPTIONS);

export default gate.protect(() => new Response("the film"));

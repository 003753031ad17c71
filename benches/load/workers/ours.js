// Our gate, as its README has it.
import { createGate } from "x402-wasm/edge";
import { OPTIONS } from "./ours.options.js";

const gate = createGate(OPTIONS);

export default gate.protect(() => new Response("the film"));

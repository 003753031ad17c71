export { X402Error } from "../errors.js";
export { createGate } from "./gate.js";
export { elsewhere, facilitator, none, relayer } from "./settle.js";

export { X402Error } from "../errors.js";
export { createGate } from "./gate.js";
export { facilitator, none, relayer } from "./settle.js";

export { X402Error } from "../errors.js";
export { createGate } from "./gate.js";
export { memory } from "./memory.js";
export { none, relayer } from "./settle.js";

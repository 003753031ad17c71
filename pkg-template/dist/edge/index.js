export { X402Error } from "../errors.js";
export { createGate } from "./gate.js";
export { createFacilitator } from "./facilitator.js";
export { facilitator, none, relayer } from "./settle.js";

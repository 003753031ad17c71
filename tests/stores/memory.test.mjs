import { memory } from "x402-wasm/edge/memory";
import { conforms } from "./conformance.mjs";

conforms("memory", async () => ({ store: memory(), close() {} }));

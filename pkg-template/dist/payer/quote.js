import { describe } from "./request.js";
import { call } from "./wasm.js";

/** What a 402 asks for, in words and units; null where it is no challenge. The response can still be read afterwards. */
export async function quote(response, { url = response.url, assets } = {}) {
  return call("quote", { options: { assets }, response: await describe(response, url, true) }).document;
}

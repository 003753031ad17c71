import { describe } from "./request.js";
import { build, fullBuild } from "./wasm.js";

/** What a 402 asks for, in words and units; null where it is no challenge. The response can still be read afterwards. */
export async function quote(response, { url = response.url, assets } = {}) {
  const values = { options: { assets }, response: await describe(response, url, true) };
  try {
    return build.call("quote", values).document;
  } catch (error) {
    if (error.code !== "needs_full_build") throw error;
    return (await fullBuild()()).call("quote", values).document;
  }
}

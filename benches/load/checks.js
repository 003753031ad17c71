// What is left to those who check tickets by hand.
import { checked } from "../peers/claims.mjs";
import { KID } from "../shop.mjs";

const bytes = (part) => Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const document = (part) => JSON.parse(atob(part.replaceAll("-", "+").replaceAll("_", "/")));

/** The parts of the ticket behind `Bearer`, if its header is the one that we write. */
export function bearer(request) {
  const [header, payload, tag] = request.headers.get("authorization").slice(7).split(".");
  const { alg, kid } = document(header);
  if (alg !== "HS256" || kid !== KID) throw new Error("refused");
  return { input: `${header}.${payload}`, payload, tag: bytes(tag) };
}

/** The claims, if the MAC was good and they are. */
export function opened(isGood, payload) {
  if (!isGood) throw new Error("refused");
  return checked(document(payload));
}

/** A worker that serves what `check` does not throw at. */
export const guarded = (check) => ({
  async fetch(request) {
    try {
      await check(request);
    } catch {
      return new Response(null, { status: 401 });
    }
    return new Response("the film");
  },
});

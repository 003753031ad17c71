import { bearer, guarded, opened } from "../checks.js";
import { SECRET } from "../../shop.mjs";

const text = new TextEncoder();
const algorithm = { name: "HMAC", hash: "SHA-256" };
let importing;

export default guarded(async (request) => {
  const { input, payload, tag } = bearer(request);
  const key = await (importing ??= crypto.subtle.importKey("raw", text.encode(SECRET), algorithm, false, ["verify"]));
  opened(await crypto.subtle.verify("HMAC", key, tag, text.encode(input)), payload);
});

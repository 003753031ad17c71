import { equalBytes } from "@noble/curves/utils.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bearer, guarded, opened } from "../checks.js";
import { SECRET } from "../../shop.mjs";

const text = new TextEncoder();
const key = hmac.create(sha256, text.encode(SECRET));

export default guarded((request) => {
  const { input, payload, tag } = bearer(request);
  opened(equalBytes(tag, key.clone().update(text.encode(input)).digest()), payload);
});

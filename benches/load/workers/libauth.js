import { secp256k1 } from "@bitauth/libauth";
import { addressOf, bytes, layoutFor } from "../../peers/layout.mjs";
import { DOMAIN } from "../../shop.mjs";
import { paid } from "../paid.js";

const layout = layoutFor(DOMAIN);

export default paid((authorization, signature) => {
  const all = bytes(signature);
  return addressOf(secp256k1.recoverPublicKeyUncompressed(all.subarray(0, 64), all[64] - 27, layout(authorization)));
});

import { jwtVerify } from "jose";
import { ISSUER, SCOPE, SECRET } from "../../shop.mjs";
import { checked } from "../../peers/claims.mjs";

const key = new TextEncoder().encode(SECRET);

export default {
  async fetch(request) {
    try {
      const token = request.headers.get("authorization").slice(7);
      checked((await jwtVerify(token, key, { issuer: ISSUER, audience: SCOPE, algorithms: ["HS256"] })).payload);
      return new Response("the film");
    } catch {
      return new Response(null, { status: 401 });
    }
  },
};

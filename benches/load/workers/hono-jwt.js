import { Hono } from "hono";
import { jwt } from "hono/jwt";
import { checked } from "../../peers/claims.mjs";
import { ISSUER, SCOPE, SECRET } from "../../shop.mjs";

export default new Hono()
  .use(jwt({ secret: SECRET, alg: "HS256", verification: { iss: ISSUER, aud: SCOPE } }))
  .get("/film", (context) => {
    checked(context.get("jwtPayload"));
    return context.body("the film");
  });

// A ticket's two halves: written once it is paid for, checked on every request.
import { createHmac } from "node:crypto";
import { ourContestants } from "../peers/gate.mjs";
import { checked } from "../peers/claims.mjs";
import { libraries } from "../peers/tokens.mjs";
import { HEADER, SECRET, now } from "../shop.mjs";
import { account, pay } from "./offer.mjs";
import { claims } from "./ticket.mjs";

const encode = (value) => Buffer.from(value).toString("base64url");

function ticket(payload, header = HEADER, secret = SECRET) {
  const input = `${encode(JSON.stringify(header))}.${encode(JSON.stringify(payload))}`;
  return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}

const known = [];

export const issueTicket = {
  id: "issue-ticket",
  title: "Issue a ticket",
  work: "What was paid in, a JWT with HS256 out. Ours writes the whole answer of the office around it, and its receipt.",
  inputs: async () => {
    while (known.length < 64) known.push(await pay());
    return known.map((header, place) => ({ header, claims: claims(place) }));
  },
  check: (token) => {
    const [, payload, tag] = token.split(".");
    const input = token.slice(0, token.lastIndexOf("."));
    if (createHmac("sha256", SECRET).update(input).digest("base64url") !== tag) throw new Error("another MAC");
    const { sub } = checked(JSON.parse(Buffer.from(payload, "base64url")));
    if (!sub.endsWith(account.address)) throw new Error(`another payer: ${sub}`);
  },
  contestants: [
    ...ourContestants(({ almostSold, sell }) => ({ stock: (inputs) => inputs.map(({ header }) => almostSold(header)), work: sell })),
    ...libraries.map(({ write, read: _, ...library }) => ({ ...library, work: (input) => write(input.claims) })),
  ],
};

export const checkATicket = {
  id: "check-ticket",
  title: "Check a ticket",
  work: "The text behind Bearer in, the claims or a refusal out: algorithm, key, MAC, issuer, scope, both times, the types of all claims.",
  goals: [{ most: 0.1, of: "jose" }, { most: 3, unit: "µs" }],
  // As many as a cache would have to hold: nobody is measured on one ticket that comes again and again.
  inputs: () => Array.from({ length: 4_096 }, (_, place) => ticket(claims(place))),
  check: ({ exp, expires = exp, jti, aud, scope = aud }, token) => {
    const told = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
    if (expires !== told.exp || jti !== told.jti || scope !== told.aud) throw new Error("other claims");
  },
  bad: ([good]) => ({
    "a claim that was changed": `${good.split(".")[0]}.${encode(JSON.stringify(claims(7)))}.${good.split(".")[2]}`,
    "a flipped bit of the tag": good.slice(0, -3) + (good.at(-3) === "A" ? "B" : "A") + good.slice(-2),
    "another secret": ticket(claims(), HEADER, "another secret of the benchmarks"),
    "no algorithm": ticket(claims(), { ...HEADER, alg: "none" }),
    "what has expired": ticket(claims(0, now() - 601)),
    "another issuer": ticket({ ...claims(), iss: "https://other.example" }),
    "another scope": ticket({ ...claims(), aud: "premiere" }),
  }),
  contestants: [
    ...ourContestants(({ checkTicket }) => ({ work: checkTicket })),
    ...libraries.map(({ write: _, read, ...library }) => ({
      ...library,
      work: library.isAsync ? async (token) => checked(await read(token)) : (token) => checked(read(token)),
    })),
  ],
};

// What is contested inside a process, in Node and in workerd alike.
import { sign } from "./sign.mjs";
import { checkATicket, issueTicket } from "./tickets.mjs";
import { verify } from "./verify.mjs";

export const contests = [verify, sign, checkATicket, issueTicket];

/** What a table tells of a contest beside its rows. */
export const described = ({ id, title, work, goals }) => ({ id, title, work, goals, unit: "µs of CPU", aside: "µs by the clock" });

// Every contest inside one process of one Node: `node inside/run.mjs full|quick|smoke` answers with JSON.
import { hold } from "../measure/contest.mjs";
import { sign } from "./sign.mjs";
import { checkATicket, issueTicket } from "./tickets.mjs";
import { verify } from "./verify.mjs";

const tables = [];
for (const contest of [verify, sign, checkATicket, issueTicket]) tables.push(await hold(contest, process.argv[2]));
console.log(JSON.stringify({ node: process.versions.node, tables }));

// Every contest inside one process of one Node: `node inside/run.mjs full|quick|smoke` answers with JSON; with "smoke" the
// answers are checked and nothing is timed.
import { examine, repeat } from "../measure/contest.mjs";
import { race, rowsOf } from "../measure/race.mjs";
import { contests, described } from "./contests.mjs";

const effort = process.argv[2];
const tables = [];
for (const contest of contests) {
  const inputs = await contest.inputs();
  await examine(contest, inputs);
  if (effort === "smoke") continue;
  const runners = contest.contestants.map((contestant) => ({ ...contestant, batch: (count) => batch(contestant, inputs, count) }));
  tables.push({ ...described(contest), rows: rowsOf(await race(runners, effort)) });
}
console.log(JSON.stringify({ node: process.versions.node, tables }));

async function batch(contestant, inputs, count) {
  const total = { wall: 0, cpu: 0 };
  let cpu, wall;
  const begin = () => ([cpu, wall] = [process.cpuUsage(), performance.now()]);
  const end = () => {
    total.wall += (performance.now() - wall) * 1_000;
    const { user, system } = process.cpuUsage(cpu);
    total.cpu += user + system;
  };
  await repeat(contestant, inputs, count, begin, end);
  return total;
}

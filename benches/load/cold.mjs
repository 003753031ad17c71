// The cold start of a worker: from the start of its process to its first answer.
import { LEAN } from "./entries.mjs";
import { Line } from "./line.mjs";
import { processorTime } from "../measure/processor.mjs";
import { quartiles } from "../measure/statistics.mjs";

const ROUNDS = { full: 15, quick: 3 };
const UNITS = { unit: "ms of CPU above hello", aside: "in all, hello included" };

/** What our gate's start consists of. */
export const STAGES = [
  ["the gate's module, compiled", "../stages/module"],
  ["the gate's module, instantiated with its glue", "../stages/instance"],
  ["all three modules of its bundle, compiled", "../stages/modules"],
  ["all of its bundle, not yet asked", "../stages/shell"],
  ["all of the lean entry's bundle, not yet asked", "../stages/lean-shell"],
  ["all of the fast entry's bundle, not yet asked", "../stages/fast-shell"],
];

/** `workers` are `{ name, isOurs, process }`, running; the last says hello. */
export async function coldTable(workers, effort) {
  const rows = aboveHello(await starts(workers, effort));
  for (const row of rows) {
    const ratio = row.value.median / rows[0].value.median;
    row.ratio = { low: ratio, median: ratio, high: ratio };
  }
  return {
    id: "cold",
    title: "The cold start of a worker",
    work: "The processor time of a workerd process from its start until its first answer, a 402, less that of a worker that says hello.",
    goals: [{ most: 8, unit: "ms" }, { most: 8, unit: "ms", row: LEAN[0] }],
    ...UNITS,
    rows,
  };
}

/** The same for workers that go a part of our gate's way each; the last says hello. */
export async function stagesTable(workers, effort) {
  return {
    id: "stages",
    title: "Where a cold start of ours goes",
    work: "As above, for workers that stop on the way: they hold only what their row names. Ours are all three entries with their first answer.",
    ...UNITS,
    rows: aboveHello(await starts(workers, effort)),
  };
}

async function starts(workers, effort) {
  const entrants = workers.map((worker) => ({ ...worker, times: [] }));
  for (let round = 0; round < ROUNDS[effort]; round++) {
    for (const { process, times } of entrants) {
      await process.restart();
      const line = new Line(process.port, 1);
      await line.send();
      times.push(processorTime(process.pid()) / 1_000);
      line.close();
    }
  }
  return entrants;
}

function aboveHello(entrants) {
  const hello = entrants.at(-1).times;
  return entrants.slice(0, -1).map(({ name, isOurs, times }) => ({
    name,
    isOurs,
    value: quartiles(times.map((time, round) => time - hello[round])),
    beside: quartiles(times),
  }));
}

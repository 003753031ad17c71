// The cold start of a worker: from the start of its process to its first answer.
import { Line } from "./line.mjs";
import { processorTime } from "../measure/processor.mjs";
import { quartiles } from "../measure/statistics.mjs";

const ROUNDS = { full: 15, quick: 3 };

/** `workers` are `{ name, isOurs, process }`, running; the last says hello. */
export async function coldTable(workers, effort) {
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
  const hello = entrants.at(-1).times;
  const rows = entrants.slice(0, -1).map(({ name, isOurs, times }) => ({
    name,
    isOurs,
    value: quartiles(times.map((time, round) => time - hello[round])),
    beside: quartiles(times),
  }));
  for (const row of rows) {
    const ratio = row.value.median / rows[0].value.median;
    row.ratio = { low: ratio, median: ratio, high: ratio };
  }
  return {
    id: "cold",
    title: "The cold start of a worker",
    work: "The processor time of a workerd process from its start until its first answer, a 402, less that of a worker that says hello.",
    goals: [{ most: 8, unit: "ms" }],
    unit: "ms of CPU above hello",
    aside: "in all, hello included",
    rows,
  };
}

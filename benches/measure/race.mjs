// Interleaved rounds: everybody runs in every round, so that what disturbs the machine disturbs all.
import { quartiles, ratios } from "./statistics.mjs";

const EFFORTS = {
  full: { rounds: 25, batchMs: 40, warmUpMs: 600 },
  quick: { rounds: 7, batchMs: 10, warmUpMs: 80 },
};

/**
 * `runners` have a `name` and `batch(count)`, which does the work so many times and answers with the microseconds for
 * all of it: `{ wall, cpu }`. Answers with the runners, and in `times` the microseconds for one piece in each round. `change` replaces parts of an effort.
 */
export async function race(runners, effort, change = {}) {
  const { rounds, batchMs, warmUpMs } = { ...EFFORTS[effort], ...change[effort] };
  const entrants = [];
  for (const runner of runners) entrants.push({ runner, count: await warm(runner, batchMs, warmUpMs), times: [] });
  for (let round = 0; round < rounds; round++) {
    // Everybody goes first, last and after everybody else in turn.
    const first = round % entrants.length;
    for (const { runner, count, times } of [...entrants.slice(first), ...entrants.slice(0, first)]) {
      const { wall, cpu } = await runner.batch(count);
      times.push({ wall: wall / count, cpu: cpu / count });
    }
  }
  return entrants.map(({ runner, times }) => ({ ...runner, times }));
}

/** The rows of a table; the first is the one that the others are compared with. */
export function rowsOf(entrants) {
  const of = ({ times }, kind) => times.map((time) => time[kind]);
  const ours = of(entrants[0], "cpu");
  return entrants.map((entrant) => ({
    name: entrant.name,
    isOurs: entrant.isOurs === true,
    value: quartiles(of(entrant, "cpu")),
    beside: quartiles(of(entrant, "wall")),
    ratio: ratios(of(entrant, "cpu"), ours),
  }));
}

/** Until the host has optimised what it will; answers with how much makes a batch of the right length. */
async function warm(runner, batchMs, warmUpMs) {
  const end = performance.now() + warmUpMs;
  for (let count = 8; ; ) {
    const { wall } = await runner.batch(count);
    const right = Math.max(1, Math.round((batchMs * 1_000 * count) / wall));
    if (performance.now() > end) return right;
    count = Math.min(right, count * 8);
  }
}

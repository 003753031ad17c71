// A contest: equal work for everybody, checked first, then timed in interleaved rounds within one process.
import { quartiles, ratios } from "./statistics.mjs";

const EFFORTS = {
  full: { rounds: 25, batchMs: 40, warmUpMs: 400 },
  quick: { rounds: 7, batchMs: 10, warmUpMs: 60 },
};

/**
 * `contest.contestants` have a `name` and `work(input)`, which answers at once or with a promise. `contest.inputs()` makes
 * the inputs; a contestant with `stock(inputs)` makes its own of them, untimed. `contest.check(answer, input)` throws where
 * an answer is wrong, and `contest.bad` makes inputs, by name, that everybody has to refuse by throwing. The first contestant
 * is the one that the others are compared with. With the effort "smoke" the answers are checked, and nothing is timed.
 */
export async function hold(contest, effort) {
  const inputs = await contest.inputs();
  for (const contestant of contest.contestants) await examine(contest, contestant, inputs);
  if (EFFORTS[effort] === undefined) return undefined;
  const { rounds, batchMs, warmUpMs } = EFFORTS[effort];
  const runners = [];
  for (const contestant of contest.contestants) runners.push(await warm(contestant, inputs, batchMs, warmUpMs));
  for (let round = 0; round < rounds; round++) {
    // Everybody goes first, last and after everybody else in turn.
    const first = round % runners.length;
    for (const runner of [...runners.slice(first), ...runners.slice(0, first)]) runner.times.push(await batch(runner));
  }
  const { id, title, work, goals = [] } = contest;
  return { id, title, work, goals, unit: "µs of CPU", aside: "µs by the clock", rows: rows(runners) };
}

async function examine(contest, contestant, inputs) {
  const blame = (what, cause) => new Error(`${contest.id}: ${contestant.name} ${what}`, { cause });
  const stocked = contestant.stock?.(inputs) ?? inputs;
  for (const [place, input] of inputs.entries()) {
    try {
      await contest.check(await contestant.work(stocked[place]), input);
    } catch (cause) {
      throw blame("gave a wrong answer", cause);
    }
  }
  for (const [name, input] of Object.entries((await contest.bad?.(inputs)) ?? {})) {
    const took = await Promise.resolve().then(() => contestant.work(input)).then(() => true, () => false);
    if (took) throw blame(`took what is to be refused: ${name}`);
  }
}

async function warm(contestant, inputs, batchMs, warmUpMs) {
  const runner = { contestant, inputs, count: inputs.length, times: [] };
  const end = performance.now() + warmUpMs;
  let last;
  do last = await batch(runner);
  while (performance.now() < end);
  runner.count = Math.max(1, Math.round((batchMs * 1_000) / last.wall));
  return runner;
}

/** Microseconds for one piece of work: by the clock, and of processor time in all threads of this process. */
async function batch({ contestant, inputs, count }) {
  const total = { wall: 0, cpu: 0 };
  for (let left = count; left > 0; left -= inputs.length) {
    const some = inputs.slice(0, left);
    await timed(contestant, contestant.stock?.(some) ?? some, total);
  }
  return { wall: total.wall / count, cpu: total.cpu / count };
}

async function timed({ work, isAsync }, inputs, total) {
  const [cpu, begin] = [process.cpuUsage(), performance.now()];
  if (isAsync) for (const input of inputs) await work(input);
  else for (const input of inputs) work(input);
  total.wall += (performance.now() - begin) * 1_000;
  const { user, system } = process.cpuUsage(cpu);
  total.cpu += user + system;
}

function rows(runners) {
  const of = (runner, kind) => runner.times.map((time) => time[kind]);
  const ours = of(runners[0], "cpu");
  return runners.map((runner) => ({
    name: runner.contestant.name,
    package: runner.contestant.package,
    isOurs: runner.contestant.isOurs === true,
    value: quartiles(of(runner, "cpu")),
    beside: quartiles(of(runner, "wall")),
    ratio: ratios(of(runner, "cpu"), ours),
  }));
}

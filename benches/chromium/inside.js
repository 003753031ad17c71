// The contests inside a page: `contests()` has everybody's answers checked, `run` works and tells how long it took.
import { contests, described } from "../inside/contests.mjs";
import { examine, repeat } from "../measure/contest.mjs";

/** Who is Node's alone. */
const NODES = ["jsonwebtoken", "node:crypto, by hand"];
const opened = [];

globalThis.contests = async () => {
  // What makes its inputs while it runs is left to Node, as in workerd.
  for (const whole of contests.filter(({ contestants }) => !contestants.some(({ stock }) => stock))) {
    const contest = { ...whole, contestants: whole.contestants.filter(({ name }) => !NODES.includes(name)) };
    const inputs = await contest.inputs();
    await examine(contest, inputs);
    opened.push({ contest, inputs });
  }
  const named = (contest) => contest.contestants.map(({ name, isOurs }) => ({ name, isOurs }));
  return opened.map(({ contest }) => ({ ...described(contest), contestants: named(contest) }));
};

globalThis.run = async (id, name, count) => {
  const { contest, inputs } = opened.find((own) => own.contest.id === id);
  const start = performance.now();
  await repeat(contest.contestants.find((own) => own.name === name), inputs, count);
  return (performance.now() - start) * 1_000;
};

// Workers under load: what a request costs workerd above one to a worker that only says hello.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startWorker } from "../../www/stage/workerd.mjs";
import { processorTime } from "../measure/processor.mjs";
import { race } from "../measure/race.mjs";
import { quartiles } from "../measure/statistics.mjs";
import { withModules } from "../workers/plugins.mjs";
import { STAGES, coldTable, stagesTable } from "./cold.mjs";
import { contests } from "./contests.mjs";
import { FAST, LEAN, WHOLE, isOurs } from "./entries.mjs";
import { openFacilitator } from "./facilitator.mjs";
import { Line } from "./line.mjs";

const CONNECTIONS = 8;
/** A request is more code than a contest's work, so it takes longer until the host has optimised it. */
const EFFORTS = { full: { warmUpMs: 2_500, batchMs: 80 }, quick: { warmUpMs: 700, batchMs: 30 } };
/** Nobody's gate: what the host takes whatever a gate does. */
const isFloor = (own) => own.startsWith("floor-");
const entry = (name) => fileURLToPath(new URL(`workers/${name}.js`, import.meta.url));

export async function load(effort) {
  const dataDir = await mkdtemp(join(tmpdir(), "x402-bench-"));
  const facilitator = await openFacilitator();
  const running = new Map();
  const worker = async (name) => {
    if (!running.has(name)) running.set(name, await open(name, dataDir, facilitator.url));
    return running.get(name);
  };
  try {
    const tables = [];
    for (const contest of contests) {
      const runners = [];
      for (const [name, own] of contest.workers) runners.push({ name, isOurs: isOurs(own), isFloor: isFloor(own), ...(await runner(contest, own, await worker(own))) });
      runners.push({ name: "hello", ...(await runner({ ...contest, isGood: ({ status }) => status === 200, bad: undefined }, "hello", await worker("hello"))) });
      const { id, title, work, goals } = contest;
      const aside = "in all, hello included";
      tables.push({ id, title, work, goals, unit: "µs of CPU above hello", aside, rows: above(await race(runners, effort, EFFORTS)) });
    }
    const entrants = async (list) => {
      const starting = [];
      for (const [name, own] of list) starting.push({ name, isOurs: isOurs(own), process: (await worker(own)).process });
      return starting;
    };
    const hello = ["hello", "hello"];
    const peers = contests.find(({ id }) => id === "challenge").workers.filter(([, own]) => !isOurs(own) && !isFloor(own));
    tables.push(await coldTable(await entrants([WHOLE, LEAN, FAST, ...peers, ["viem, by hand", "viem"], hello]), effort));
    tables.push(await stagesTable(await entrants([...STAGES, LEAN, FAST, WHOLE, hello]), effort));
    const about = `Each worker in a workerd of its own, asked over ${CONNECTIONS} connections that stay open. A figure is the processor time of that whole process for a request, less that of a worker that says hello, in the same round.`;
    return [{ id: "load", title: "Workers under load", about, tables }];
  } finally {
    for (const { line, process } of running.values()) {
      line.close();
      await process.stop();
    }
    facilitator.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function open(name, dataDir, facilitator) {
  const process = await startWorker({
    name: basename(name),
    entry: entry(name),
    dataDir,
    plugins: [withModules],
    bindings: { FACILITATOR: facilitator },
    compatibilityFlags: ["nodejs_compat"],
    silent: true,
  });
  return { process, line: new Line(process.port, CONNECTIONS) };
}

async function runner({ id, fresh, isGood, bad }, name, { process, line }) {
  const [sample] = fresh(1);
  // Stock middleware in a worker fails once, because it asks its facilitator at module scope.
  for (let patience = 5; ; patience--) {
    const answer = await line.send(sample);
    if (isGood(answer)) break;
    if (patience === 0) throw new Error(`${id}: ${name} answered ${answer.status} ${answer.text}`);
    await pause(100);
  }
  const spoilt = bad?.();
  if (spoilt && !spoilt.notFor?.includes(name) && !spoilt.isGood(await line.send(spoilt.request))) throw new Error(`${id}: ${name} took what is to be refused`);
  return { batch: (count) => batch(fresh(count), isGood, line, () => processorTime(process.pid())) };
}

async function batch(requests, isGood, line, processor) {
  const [cpu, begin] = [processor(), performance.now()];
  let next = 0;
  let wrong = 0;
  const visit = async () => {
    while (next < requests.length) wrong += isGood(await line.send(requests[next++])) ? 0 : 1;
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, visit));
  const spent = { wall: (performance.now() - begin) * 1_000, cpu: processor() - cpu };
  if (wrong > 0) throw new Error(`${wrong} of ${requests.length} answers were wrong`);
  return spent;
}

/** Rows less the last entrant's. A ratio of small differences jumps from round to round, so it is that of the medians. */
function above(entrants) {
  const hello = entrants.at(-1).times;
  const rows = entrants.slice(0, -1).map(({ name, isOurs, isFloor, times }) => ({
    name,
    isOurs,
    isFloor,
    value: quartiles(times.map(({ cpu }, round) => cpu - hello[round].cpu)),
    beside: quartiles(times.map(({ cpu }) => cpu)),
  }));
  for (const row of rows) {
    const ratio = row.value.median / rows[0].value.median;
    row.ratio = { low: ratio, median: ratio, high: ratio };
  }
  return rows;
}

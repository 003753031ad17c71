// The same contests inside an isolate of workerd, many pieces of work for each request, timed from outside: inside, the
// clock stands still.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startWorker } from "../../www/stage/workerd.mjs";
import { processorTime } from "../measure/processor.mjs";
import { race, rowsOf } from "../measure/race.mjs";
import { withModules } from "./plugins.mjs";

const ENTRY = fileURLToPath(new URL("contests.js", import.meta.url));

/** Long batches, so that the request around one does not count. */
const EFFORTS = { full: { warmUpMs: 1_000, batchMs: 100 }, quick: { warmUpMs: 200, batchMs: 40 } };

const FAST = "x402-wasm/edge/fast";

/** Goals that are for workerd. */
const GOALS = {
  verify: [
    { most: 0.25, of: "viem" },
    { most: 0.9, of: "@bitauth/libauth, layout by hand" },
    { most: 0.9, of: "tiny-secp256k1, layout by hand" },
    { most: 0.25, of: "viem", row: FAST },
    { most: 0.9, of: "@bitauth/libauth, layout by hand", row: FAST },
    { most: 0.9, of: "tiny-secp256k1, layout by hand", row: FAST },
  ],
};

export async function workers(effort) {
  const dataDir = await mkdtemp(join(tmpdir(), "x402-bench-"));
  const worker = await startWorker({ entry: ENTRY, dataDir, plugins: [withModules], compatibilityFlags: ["nodejs_compat"] });
  try {
    const ask = async (path) => {
      const answer = await fetch(worker.url + path);
      if (!answer.ok) throw new Error(await answer.text());
      return answer;
    };
    const tables = [];
    for (const { contestants, ...table } of await (await ask("/list")).json()) {
      const batch = async (name, count) => {
        const path = `/run?contest=${table.id}&who=${encodeURIComponent(name)}&count=${count}`;
        const [cpu, begin] = [processorTime(worker.pid()), performance.now()];
        await ask(path);
        return { wall: (performance.now() - begin) * 1_000, cpu: processorTime(worker.pid()) - cpu };
      };
      const runners = contestants.map((contestant) => ({ ...contestant, batch: (count) => batch(contestant.name, count) }));
      tables.push({ ...table, goals: GOALS[table.id], rows: rowsOf(await race(runners, effort, EFFORTS)) });
    }
    const about = "Many pieces of work for each request. Processor time is that of the whole workerd process.";
    return [{ id: "workerd", title: "Inside workerd", about, tables }];
  } finally {
    await worker.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

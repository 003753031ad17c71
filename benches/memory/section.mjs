// Whether the gate's module grows. Not a contest: what grows is a fault, and ends the run.
import { fileURLToPath } from "node:url";
import { answerOf } from "../measure/child.mjs";

const RUN = fileURLToPath(new URL("run.mjs", import.meta.url));
const COUNTS = { full: ["1000000", "100000"], quick: ["50000", "3000"] };

export async function memory(effort) {
  const { before, lines } = JSON.parse(await answerOf(process.execPath, ["--no-warnings", RUN, ...COUNTS[effort]]));
  const grown = lines.filter(({ grown }) => grown > 0);
  if (grown.length > 0) throw new Error(`the gate's memory grew: ${JSON.stringify(grown)}`);
  const exactly = (value) => ({ low: value, median: value, high: value });
  const done = lines.map(({ what, count }) => `${count.toLocaleString("en")} ${what}`).join(" and ");
  const row = { name: "x402-wasm", isOurs: true, value: exactly(0), ratio: undefined };
  const work = `Bytes by which the gate's linear memory grew, from ${before.toLocaleString("en")}, over ${done} in one instance.`;
  return [{ id: "memory", title: "Memory", about: "Linear memory cannot shrink, so it must not grow.", tables: [{ id: "gate", title: "The gate", work, unit: "bytes", rows: [row] }] }];
}

// benchmarks.md and its plots, from what was measured: nothing in them is written by hand but the sentences.
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { figure, spread, times } from "./figures.mjs";
import { plot } from "./plot.mjs";

/** Writes the document into a folder; `results` is what `run.mjs` gathered. */
export async function write(results, folder) {
  const plots = `${folder}benchmarks/`;
  await mkdir(plots, { recursive: true });
  for (const old of await readdir(plots)) await rm(`${plots}${old}`);
  const parts = [];
  for (const section of results.sections) {
    parts.push(`## ${section.title}\n`, `${section.about}\n`);
    for (const table of section.tables) {
      const name = `${section.id}-${table.id}.svg`;
      parts.push(`### ${table.title}\n`, `${table.work}\n`);
      if (table.rows.length > 1) {
        await writeFile(`${plots}${name}`, plot(plotted(table)));
        parts.push(`![${table.title}](benchmarks/${name})\n`);
      }
      parts.push(tabled(table), "", ...judged(table));
    }
  }
  await writeFile(`${folder}benchmarks.md`, [head(results), ...parts].join("\n").trimEnd() + "\n");
}

const head = ({ effort, machine, versions, minutes }) => `# Benchmarks

Ours beside what people use today: each table is one run of everybody, in interleaved rounds. All of this page is written
by \`cargo xtask bench${effort === "quick" ? " --quick" : ""}\`, every figure included; run it to see your machine's. A ratio is a peer's figure
divided by ours, taken round by round, so what disturbs a round disturbs both; above 1 ours is better. Medians, with the
quartiles in parentheses. Before anybody is timed, their answers are checked, and that they refuse what is to be refused.
Processor time is less disturbed by other work than the clock; yet only ratios carry over to another machine.

| | |
|---|---|
${Object.entries(machine).map(([what, value]) => `| ${what} | ${value} |`).join("\n")}
| took | ${figure(minutes)} minutes${effort === "quick" ? ", as a quick look: the spread is wide" : ""} |

Versions: ${versions.map(([name, number]) => `${name} ${number}`).join(", ")}.
`;

const sorted = (rows) => [...rows].sort((a, b) => a.value.median - b.value.median);

function tabled({ unit, aside, rows }) {
  const asideHead = aside ? [aside] : [];
  const heads = ["", unit, ...asideHead, "ratio"];
  const lines = sorted(rows).map(({ name, isOurs, value, beside, ratio }) => [
    isOurs ? `**${name}**` : name,
    value.low === value.high ? figure(value.median) : spread(value),
    ...(aside ? [beside ? figure(beside.median) : "–"] : []),
    ratio ? (ratio.median === 1 ? "1" : ratio.low === ratio.high ? times(ratio.median) : `${times(ratio.median)} (${figure(ratio.low)}–${figure(ratio.high)})`) : "–",
  ]);
  return [heads, heads.map((_, place) => (place === 0 ? "---" : "--:")), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** What was aimed at, and whether it is reached in this run. */
function judged({ goals = [], rows }) {
  const ours = rows.find(({ isOurs }) => isOurs);
  const lines = goals.map(({ most, of, unit, row }) => {
    const peer = of && rows.find(({ name }) => name === of);
    const own = rows.find(({ name }) => name === row) ?? ours;
    const is = peer ? own.ratio.median / peer.ratio.median : own.value.median;
    const what = peer ? `${figure(most)} of ${of}` : `${figure(most)} ${unit}`;
    return `- aim${row ? ` with ${row}` : ""}: at most ${what}; is ${figure(is)}${is <= most ? "" : ": **not reached**"}`;
  });
  const ahead = rows.filter(({ isOurs, isFloor, ratio }) => !isOurs && !isFloor && ratio?.median < 1).map(({ name }) => name);
  if (ahead.length > 0) lines.push(`- ahead of ours: ${ahead.join("; ")}`);
  return lines.length > 0 ? [lines.join("\n"), ""] : [];
}

const plotted = ({ title, unit, rows }) => ({
  title,
  unit: `${unit}, less is better`,
  rows: sorted(rows).map(({ name, isOurs, value }) => ({ name, isOurs, ...value, label: figure(value.median) })),
});

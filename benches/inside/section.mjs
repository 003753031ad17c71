// What is done inside a process, under this Node and under the newest.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { answerOf } from "../measure/child.mjs";

const RUN = fileURLToPath(new URL("run.mjs", import.meta.url));
const NEWEST = fileURLToPath(new URL(`../node_modules/node-${process.platform}-${process.arch}/bin/node`, import.meta.url));

/** One section for each Node. */
export async function inside(effort) {
  const sections = [];
  // There is no package of it for every platform.
  for (const node of [process.execPath, NEWEST].filter(existsSync)) {
    const told = JSON.parse(await answerOf(node, ["--no-warnings", RUN, effort]));
    const about = "One process, one thread. Peers without EIP-712 of their own get its layout by hand, as tight as it goes; nobody asks a chain or a ledger. Processor time counts all threads of the process.";
    sections.push({ id: `node-${told.node.split(".")[0]}`, title: `Inside Node ${told.node}`, about, tables: told.tables });
  }
  return sections;
}

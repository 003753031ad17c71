// What a front end pays before its first payment: bytes, then time in a fresh process and in a fresh page.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { KEY } from "../inside/offer.mjs";
import { answerOf } from "../measure/child.mjs";
import { bundle } from "./bundle.mjs";
import { bytesTable } from "./bytes.mjs";
import { entries } from "./entries.mjs";
import { firstInPages } from "./page.mjs";
import { firstRows } from "./rows.mjs";

const FIRST = fileURLToPath(new URL("first.mjs", import.meta.url));
const ROUNDS = { full: 15, quick: 3 };
const key = KEY.slice(2);

export async function pages(effort) {
  const folder = await mkdtemp(join(tmpdir(), "x402-bench-"));
  try {
    const bundles = [];
    for (const [place, entry] of entries.entries()) {
      const own = { ...entry, ...(await bundle(entry)), path: join(folder, `${place}.mjs`) };
      await writeFile(own.path, own.script);
      bundles.push(own);
    }
    const tables = [await bytesTable(entries), await firstInProcesses(bundles, effort), await firstInPages(bundles, key, ROUNDS[effort])];
    const about = "The smallest script for each that fetches, is asked for a payment, signs with a key of its own and fetches again; bundled and minified.";
    return [{ id: "pages", title: "Before the first payment", about, tables }];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function firstInProcesses(bundles, effort) {
  const { openShop } = await import("./shop.mjs");
  const shop = await openShop();
  const entrants = bundles.filter(({ isForPages }) => !isForPages).map((own) => ({ ...own, times: [] }));
  for (let round = 0; round < ROUNDS[effort]; round++) {
    for (const { path, times } of entrants) times.push(JSON.parse(await answerOf(process.execPath, ["--no-warnings", FIRST, path, `${shop.url}film`, key])));
  }
  shop.close();
  return {
    id: "process",
    title: "The first payment of a fresh process",
    work: "Node, from before the import until the paid answer is read.",
    unit: "ms of CPU",
    aside: "of them for the import",
    rows: firstRows(entrants, 1_000),
  };
}

// The same contests inside a page of Chromium, with the modules that pages load.
import { build } from "esbuild";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { openBrowser } from "../../tests/e2e/browser.mjs";
import { race, rowsOf } from "../measure/race.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** A page's clock is coarse: long batches. */
const EFFORTS = { full: { warmUpMs: 1_000, batchMs: 100 }, quick: { warmUpMs: 200, batchMs: 40 } };

const forPages = {
  name: "for-pages",
  setup(builder) {
    builder.onResolve({ filter: /\/wasm\.mjs$/ }, () => ({ path: here("wasm.mjs") }));
    builder.onResolve({ filter: /^\.\/wasm_loader\.js$/ }, () => ({ path: here("tiny-loader.mjs") }));
    builder.onResolve({ filter: /^(node:crypto|jsonwebtoken)$/ }, () => ({ path: here("node.mjs") }));
    builder.onResolve({ filter: /^\.\/rand\.js$/ }, ({ importer }) =>
      importer.includes("tiny-secp256k1") ? { path: importer.replace(/[^/]+$/, "rand.browser.js") } : undefined,
    );
  },
};

export async function chromium(effort) {
  const { outputFiles } = await build({
    entryPoints: [here("inside.js")],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    loader: { ".wasm": "binary" },
    define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
    inject: [here("node.mjs")],
    plugins: [forPages],
    write: false,
    logLevel: "error",
  });
  const files = new Map([
    ["/", ["text/html", "<!doctype html><title>…</title><script type=module src=/inside.js></script>"]],
    ["/inside.js", ["text/javascript", outputFiles[0].contents]],
  ]);
  const server = createServer(({ url }, answer) => {
    const [type, body] = files.get(url) ?? [];
    answer.writeHead(type ? 200 : 404, { "content-type": type ?? "text/plain" }).end(body);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    const tables = [];
    for (const { contestants, goals: _, ...table } of await page.evaluate(() => globalThis.contests())) {
      const batch = async (name, count) => {
        const wall = await page.evaluate(([id, name, count]) => globalThis.run(id, name, count), [table.id, name, count]);
        return { wall, cpu: wall };
      };
      const runners = contestants.map((own) => ({ ...own, batch: (count) => batch(own.name, count) }));
      const rows = rowsOf(await race(runners, effort, EFFORTS)).map(({ beside: __, ...row }) => row);
      tables.push({ ...table, unit: "µs by the clock", aside: undefined, rows });
    }
    const about = `Chromium ${browser.version()}, one page, many pieces of work at a time, by the page's own clock: a page has no other. Ours are the small payer and the lean gate.`;
    return [{ id: "chromium", title: "Inside a page of Chromium", about, tables }];
  } finally {
    await browser.close();
    server.close();
  }
}

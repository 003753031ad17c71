// Which build each import gets: the small one where it is downloaded, everywhere else the full one, compiled for speed.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

async function modulesOf(specifier, conditions, platform = "neutral") {
  const contents = `import { createPayer } from "${specifier}"; createPayer();`;
  const { metafile } = await build({
    stdin: { contents, resolveDir: ROOT },
    bundle: true,
    splitting: true,
    outdir: ".",
    format: "esm",
    platform,
    conditions,
    external: ["*.wasm"],
    write: false,
    metafile: true,
  });
  // What is loaded at once: the entry point, and what that imports statically.
  const paths = Object.keys(metafile.outputs).filter((path) => path.endsWith("stdin.js"));
  for (const path of paths) {
    const imports = metafile.outputs[path]?.imports ?? [];
    paths.push(...imports.filter(({ kind, path }) => kind === "import-statement" && !paths.includes(path)).map(({ path }) => path));
  }
  const files = paths.flatMap((path) => [path, ...Object.keys(metafile.outputs[path]?.inputs ?? {})]);
  return files.map((file) => /wasm\/([\w-]+)(?:\.inline\.js|_bg\.wasm)$/.exec(file)?.[1]).filter(Boolean);
}

for (const [specifier, conditions, platform, expected] of [
  ["x402-wasm", [], "browser", "browser"],
  ["x402-wasm", [], "neutral", "browser"],
  ["x402-wasm", [], "node", "full-fast"],
  ["x402-wasm", ["deno"], "neutral", "full-fast"],
  ["x402-wasm", ["bun"], "neutral", "full-fast"],
  ["x402-wasm", ["workerd"], "neutral", "full-fast"],
  ["x402-wasm/full", [], "browser", "full"],
  ["x402-wasm/full", [], "node", "full-fast"],
  ["x402-wasm/full", ["workerd"], "neutral", "full-fast"],
]) {
  test(`${specifier} for ${[platform, ...conditions].join(" and ")} is the ${expected} build`, async () => {
    assert.deepEqual(await modulesOf(specifier, conditions, platform), [expected]);
  });
}

test("of both builds in one program the full one counts, whichever comes first", async () => {
  const lean = import.meta.resolve("../../pkg/dist/entry/inline.js");
  for (const imports of [[lean, "x402-wasm/full"], ["x402-wasm/full", lean]]) {
    const script = `${imports.map((name) => `import ${JSON.stringify(name)};`).join("")}
      import { createPayer, LocalWallet } from "x402-wasm/full";
      createPayer({ wallet: LocalWallet.generate(), networks: ["eip155:84532"], permit2: () => true });
      console.log("paid through Permit2");`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], { cwd: ROOT });
    assert.match(stdout, /Permit2/);
  }
});

test("slim takes either module", async () => {
  for (const [module, outcome] of [["browser.wasm", "needs_full_build needs_full_build"], ["full.wasm", "opened opened"]]) {
    const script = `import { readFile } from "node:fs/promises";
      import { createPayer, init, LocalWallet } from "x402-wasm/slim";
      await init(await readFile(new URL(import.meta.resolve("x402-wasm/${module}"))));
      const open = (options) => {
        try {
          return createPayer({ networks: ["eip155:84532"], ...options }) && "opened";
        } catch ({ code }) {
          return code;
        }
      };
      const outside = { address: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8", signTypedData() {} };
      console.log(open({ wallet: LocalWallet.generate(), permit2: () => true }), open({ wallet: outside }));`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], { cwd: ROOT });
    assert.equal(stdout.trim(), outcome);
  }
});

// Compiles the contracts of the local chain with npm's solc, once per source and compiler. All of them are our own:
// what the real ones answer to, in as few lines as that takes.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(import.meta.url);
const CACHE = new URL("../../target/stage/", import.meta.url);
const SETTINGS = {
  evmVersion: "cancun",
  optimizer: { enabled: true, runs: 200 },
  viaIR: true,
  outputSelection: { "*": { "*": ["evm.bytecode.object"] } },
};

/** The creation codes of the contracts in a file beside this one, by name, as 0x-hex. */
export async function creationCodes(file) {
  const source = await readFile(new URL(file, import.meta.url), "utf8");
  const versions = ["solc", "@openzeppelin/contracts"].map((name) => require(`${name}/package.json`).version);
  const recipe = JSON.stringify([source, versions, SETTINGS]);
  const cached = new URL(`${file}-${createHash("sha256").update(recipe).digest("hex").slice(0, 16)}.json`, CACHE);
  try {
    return JSON.parse(await readFile(cached, "utf8"));
  } catch {
    const codes = compile(file, source);
    await mkdir(CACHE, { recursive: true });
    await writeFile(cached, JSON.stringify(codes));
    return codes;
  }
}

function compile(file, source) {
  const input = { language: "Solidity", sources: { [file]: { content: source } }, settings: SETTINGS };
  const readImport = (path) => ({ contents: readFileSync(require.resolve(path), "utf8") });
  // Loaded only here: the compiler is 8 MB of wasm, and nearly every start finds its work done.
  const output = JSON.parse(require("solc").compile(JSON.stringify(input), { import: readImport }));
  const errors = (output.errors ?? []).filter((message) => message.severity === "error");
  if (errors.length > 0) throw new Error(`${file} does not compile:\n${errors.map((e) => e.formattedMessage).join("\n")}`);
  const codes = Object.entries(output.contracts[file]).map(([name, { evm }]) => [name, `0x${evm.bytecode.object}`]);
  return Object.fromEntries(codes);
}

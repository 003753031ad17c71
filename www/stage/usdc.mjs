// Compiles the dev USDC with npm's solc, once per source and compiler.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(import.meta.url);
const SOURCE = new URL("DevUSDC.sol", import.meta.url);
const CACHE = new URL("../../target/stage/", import.meta.url);
const SETTINGS = {
  evmVersion: "cancun",
  optimizer: { enabled: true, runs: 200 },
  outputSelection: { "*": { DevUSDC: ["evm.bytecode.object"] } },
};

/** The contract's creation code, as 0x-hex. */
export async function devUsdcCreationCode() {
  const source = await readFile(SOURCE, "utf8");
  const versions = ["solc", "@openzeppelin/contracts"].map((name) => require(`${name}/package.json`).version);
  const recipe = JSON.stringify([source, versions, SETTINGS]);
  const cached = new URL(`DevUSDC-${createHash("sha256").update(recipe).digest("hex").slice(0, 16)}.hex`, CACHE);
  try {
    return await readFile(cached, "utf8");
  } catch {
    const code = compile(source);
    await mkdir(CACHE, { recursive: true });
    await writeFile(cached, code);
    return code;
  }
}

function compile(source) {
  const input = { language: "Solidity", sources: { "DevUSDC.sol": { content: source } }, settings: SETTINGS };
  const readImport = (path) => ({ contents: readFileSync(require.resolve(path), "utf8") });
  // Loaded only here: the compiler is 8 MB of wasm, and nearly every start finds its work done.
  const output = JSON.parse(require("solc").compile(JSON.stringify(input), { import: readImport }));
  const errors = (output.errors ?? []).filter((message) => message.severity === "error");
  if (errors.length > 0) throw new Error(`DevUSDC.sol does not compile:\n${errors.map((e) => e.formattedMessage).join("\n")}`);
  return `0x${output.contracts["DevUSDC.sol"].DevUSDC.evm.bytecode.object}`;
}

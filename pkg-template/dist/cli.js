#!/usr/bin/env node
// The package's one command: `npx x402-wasm mcp`.
import { readFileSync } from "node:fs";

const USAGE = `x402-wasm mcp    an MCP server over stdio that pays within a budget

  --key-file FILE      the paying key: 0x and 64 hex digits, in a file that only you can read (or X402_KEY_FILE)
  --network CHAIN      where it may pay, such as eip155:84532; repeat for more (or X402_NETWORKS, with commas)
  --origin ORIGIN      what it may fetch, such as https://cinema.example; repeat for more; "*" is any https
                       origin (or X402_ORIGINS, with commas)
  --per-payment, --per-hour, --per-day, --total AMOUNT
                       the budget in whole units, such as 0.05 (or X402_PER_PAYMENT, …)
  --state FILE         keeps what was spent, and the tickets, from one start to the next (or X402_STATE)

X402_KEY holds the key where there is no file. X402_RELAYER_KEY and X402_RPC_URL add the tool verify_and_settle.
`;

const [command, ...rest] = process.argv.slice(2);
if (command === "mcp") {
  const { main } = await import("./mcp/main.js");
  await main(rest, process.env);
} else if (command === "--version") {
  console.log(JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version);
} else {
  const isHelp = command === "--help" || command === "help";
  (isHelp ? process.stdout : process.stderr).write(USAGE);
  process.exitCode = isHelp ? 0 : 2;
}

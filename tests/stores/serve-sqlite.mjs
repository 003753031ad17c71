// The SQLite store in a process of its own: a line of JSON with a question, a line with its answer.
import { createInterface } from "node:readline";
import { sqlite } from "x402-wasm/edge/sqlite";
import { withoutNull } from "./remote.mjs";

const store = sqlite(process.argv[2]);
createInterface({ input: process.stdin }).on("line", async (line) => {
  const { id, method, args } = JSON.parse(line);
  const answer = await store[method](...withoutNull(args)).then(
    (value) => ({ value }),
    (error) => ({ error: String(error) }),
  );
  process.stdout.write(`${JSON.stringify({ id, ...answer })}\n`);
});

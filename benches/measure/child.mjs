// Programs that are started to be measured, or to measure.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What a program says until it ends; its last words are the error where it fails. */
export async function answerOf(program, args, options = {}) {
  const { stdout } = await run(program, args, { maxBuffer: 2 ** 26, timeout: 600_000, ...options });
  return stdout;
}

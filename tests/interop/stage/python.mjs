// The Python of the foreign peers: an environment with exactly what python/requirements.txt names.
import assert from "node:assert/strict";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { start } from "../../../www/stage/children.mjs";

/** Starts a script of tests/interop. It inherits nothing that could configure the peer behind our back. */
export function startPython(script, args, variables) {
  return startInterpreter([fileURLToPath(new URL(`../${script}`, import.meta.url)), ...args.map(String)], variables);
}

/** Starts a script that says "open" once it listens. */
export async function startPythonServer(script, args, variables) {
  const server = startPython(script, args, variables);
  for await (const line of createInterface({ input: server.stdout })) {
    assert.equal(line, "open", `${script} said something else than "open"`);
    return server;
  }
  assert.fail(`${script} did not start; its last words are above`);
}

/** Runs a script to its end; answers with what it printed, read as JSON. */
export async function runPython(script, args, variables) {
  const { code, printed } = await toTheEnd(startPython(script, args, variables));
  assert.equal(code, 0, `${script} gave up; its last words are above`);
  return JSON.parse(printed);
}

/** What one line of Python says about its arguments, as JSON. */
export async function askPython(line, args) {
  const { printed } = await toTheEnd(startInterpreter(["-c", line, ...args]));
  return JSON.parse(printed);
}

/** Runs an installed module to its end, as `python -m` does. */
export const runModule = (module, args) => toTheEnd(startInterpreter(["-m", module, ...args]));

async function toTheEnd(child) {
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  return { code, printed };
}

function startInterpreter(args, variables) {
  const { PYTHON, PATH } = process.env;
  assert.ok(PYTHON, "PYTHON is not set: run `cargo xtask test interop`, which makes the Python environment and names it.");
  // -P: a script finds the installed package, not its neighbours, one of which has the package's name.
  return start(PYTHON, ["-P", ...args], {
    // x402-mock loads a .env file of its working folder.
    cwd: tmpdir(),
    env: { PATH, PYTHONDONTWRITEBYTECODE: "1", ...variables },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

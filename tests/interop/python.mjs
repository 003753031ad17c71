// The Python of the foreign peers: an environment with exactly what requirements.txt names.
import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { start } from "../../www/stage/children.mjs";

/** Starts a script of this folder. It inherits nothing that could configure the peer behind our back. */
export function startPython(script, args, variables) {
  const { PYTHON, PATH } = process.env;
  assert.ok(PYTHON, "PYTHON is not set: run `cargo xtask test interop`, which makes the Python environment and names it.");
  return start(PYTHON, [fileURLToPath(new URL(script, import.meta.url)), ...args.map(String)], {
    // The package loads a .env file of its working folder.
    cwd: tmpdir(),
    env: { PATH, PYTHONDONTWRITEBYTECODE: "1", ...variables },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

// Our own scripts in their runtimes, each a process of its own as an operator would run it.
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { end, start } from "../../../www/stage/children.mjs";
import { HOST, claimPort } from "../../../www/stage/port.mjs";
import { startWorker } from "../../../www/stage/workerd.mjs";

const fileOf = (script) => fileURLToPath(new URL(`../${script}`, import.meta.url));

/** Runs a worker; `settings(origin)` are its bindings. Answers with its URL. */
export async function runInWorkerd(stage, script, settings) {
  const port = await claimPort(0, script);
  const [bindings, dataDir] = await Promise.all([settings(`http://${HOST}:${port}`), stage.folder()]);
  const name = `${script.replaceAll("/", "-")}-${port}`;
  const worker = await startWorker({ entry: fileOf(script), name, dataDir, port, bindings });
  stage.atTheEnd(() => worker.stop());
  return worker.url;
}

/** Runs a script that says "open" once it listens on PORT; `settings(origin)` are its variables. */
export async function runInNode(stage, script, settings) {
  const port = await claimPort(0, script);
  const origin = `http://${HOST}:${port}`;
  const env = { ...(await settings(origin)), PORT: String(port), PATH: process.env.PATH };
  const server = start(process.execPath, [fileOf(script)], { env, stdio: ["ignore", "pipe", "inherit"] });
  stage.atTheEnd(() => end(server));
  for await (const line of createInterface({ input: server.stdout })) if (line === "open") break;
  server.stdout.resume();
  return origin;
}

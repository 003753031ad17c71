// The processes on the stage: started together, and never left behind.
import { spawn } from "node:child_process";
import { once } from "node:events";

const running = new Set();
const leaving = new WeakSet();

/** Starts a program that ends no later than this process does. */
export function start(program, args, options) {
  watchForTheEnd();
  const child = spawn(program, args, options);
  running.add(child);
  child.once("error", () => running.delete(child));
  child.once("exit", () => running.delete(child));
  return child;
}

/** Asks a program to end, insists after a while, and resolves when it is gone. */
export async function end(child, signal = "SIGTERM", patience = 5000) {
  leaving.add(child);
  if (hasEnded(child)) return;
  const gone = once(child, "exit");
  child.kill(signal);
  const insist = setTimeout(() => child.kill("SIGKILL"), patience);
  await gone;
  clearTimeout(insist);
}

/** Resolves when `ready` does; rejects with the program's last words if it ends first. */
export async function readyOrDead(child, name, ready) {
  let lastWords = "";
  child.stderr?.on("data", (chunk) => (lastWords = (lastWords + chunk).slice(-2000)));
  const dead = new Promise((_, reject) => {
    child.once("error", (error) => reject(new Error(`${name} cannot be started: ${error.message}`)));
    // "close" comes after the last of stderr, "exit" may come before it.
    child.once("close", (code, signal) => reject(new Error(`${name} ended (${signal ?? code}): ${lastWords.trim()}`)));
  });
  dead.catch(() => {});
  return Promise.race([ready, dead]);
}

/** Rejects when the program ends without having been asked to. */
export async function untilItFails(child, name) {
  if (!hasEnded(child)) await once(child, "exit");
  if (!leaving.has(child)) throw new Error(`${name} ended by itself (${child.signalCode ?? child.exitCode}).`);
  await new Promise(() => {});
}

function hasEnded(child) {
  return child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
}

let watching = false;

function watchForTheEnd() {
  if (watching) return;
  watching = true;
  process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));
  for (const [signal, number] of [["SIGINT", 2], ["SIGTERM", 15], ["SIGHUP", 1]]) {
    process.on(signal, async () => {
      await Promise.all([...running].map((child) => end(child)));
      process.exit(128 + number);
    });
  }
}

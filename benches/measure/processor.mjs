// The processor time that another process has had, in microseconds.
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";

/** By the scheduler's nanoseconds where they are told, elsewhere by what `ps` knows, which is coarse. */
export function processorTime(pid) {
  if (process.platform !== "linux") return 1e6 * seconds(execFileSync("ps", ["-o", "time=", "-p", String(pid)], { encoding: "utf8" }));
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.reduce((sum, thread) => sum + nanoseconds(`/proc/${pid}/task/${thread}/schedstat`), 0) / 1_000;
}

function nanoseconds(file) {
  try {
    return Number(readFileSync(file, "utf8").split(" ")[0]);
  } catch {
    // The thread has just ended.
    return 0;
  }
}

const seconds = (time) => time.trim().split(":").reduce((sum, part) => sum * 60 + Number(part), 0);

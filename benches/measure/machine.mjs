// What the figures depend on, without anything that names a machine or a place on it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, availableParallelism, cpus, platform, release, totalmem } from "node:os";

/** Processor, cores, memory and system. */
export function machine() {
  return {
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${platform()} ${release().split(/[-+]/)[0]}, ${arch()}`,
  };
}

/** The version of a package, looked up as `from` would import it. */
export function version(name, from = import.meta.url) {
  const folders = createRequire(from).resolve.paths(name);
  for (const folder of folders) {
    try {
      return JSON.parse(readFileSync(`${folder}/${name}/package.json`, "utf8")).version;
    } catch {
      // One folder further up.
    }
  }
  throw new Error(`${name} is not installed`);
}

// What the figures depend on, without anything that names a machine or a place on it.
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

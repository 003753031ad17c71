// x402-wasm/store/file: the payer's state in a file, whole or not at all, for its owner only, and for one process at a time.
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { X402Error } from "../errors.js";

// What this process has locked: in a container every process has the same number, and so had the one before.
const locked = new Set();

/** A store for createPayer. Two processes on one file would each spend the whole budget: the second is refused. */
export function file(path) {
  const lockPath = resolve(`${path}.lock`);
  lock(lockPath, path);
  const unlock = () => {
    locked.delete(lockPath);
    rmSync(lockPath, { force: true });
  };
  process.on("exit", unlock);
  return {
    load: () => read(path),
    save(text) {
      write(`${path}.new`, text, "w");
      renameSync(`${path}.new`, path);
      keepName(path);
    },
    /** Lets another process have the file. */
    close() {
      process.off("exit", unlock);
      unlock();
    },
  };
}

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

function write(path, text, flag) {
  const file = openSync(path, flag, 0o600);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

// A new name is on the disk once its folder is. Windows opens no folders, and needs none of this.
function keepName(path) {
  if (process.platform === "win32") return;
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function lock(path, state) {
  try {
    write(path, String(process.pid), "wx");
    locked.add(path);
  } catch (error) {
    if (error.code !== "EEXIST") throw new X402Error("store_failed", `The state cannot be kept beside ${path}: ${error.code}.`);
    const owner = Number(read(path));
    if (owner === process.pid ? locked.has(path) : isAlive(owner)) throw new X402Error("state_in_use", `Process ${owner} uses the state in ${state}: give each process a file of its own, or end that one.`);
    rmSync(path);
    lock(path, state);
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

// The payer's state in a file: whole or not at all, for its owner only, and for one server at a time.
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { X402Error } from "../errors.js";

/** A store for createPayer. Two servers on one file would each spend the whole budget. */
export function openFileStore(path) {
  lock(`${path}.lock`);
  return {
    load: () => read(path),
    save(text) {
      write(`${path}.new`, text, "w");
      renameSync(`${path}.new`, path);
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

function lock(path) {
  try {
    write(path, String(process.pid), "wx");
  } catch (error) {
    if (error.code !== "EEXIST") throw new X402Error("store_failed", `The state cannot be kept beside ${path}: ${error.code}.`);
    const owner = Number(read(path));
    if (isAlive(owner)) throw new X402Error("state_in_use", `Process ${owner} uses this --state file: give each server its own, or end that one.`);
    rmSync(path);
    return lock(path);
  }
  process.on("exit", () => rmSync(path, { force: true }));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(0));
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

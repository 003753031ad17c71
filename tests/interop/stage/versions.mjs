// The versions that are really installed.
import { readFile } from "node:fs/promises";
import { askPython } from "./python.mjs";

// The v1 packages are installed apart.
const FOLDERS = ["../../../node_modules/", "../legacy/node_modules/"];
const ASK = "import importlib.metadata, json, sys; print(json.dumps([importlib.metadata.version(name) for name in sys.argv[1:]]))";

/** `[peer, version]` for each peer, named as `npm …` or `PyPI …`. */
export async function versionsOf(peers) {
  const ofPython = peers.filter((peer) => peer.startsWith("PyPI ")).map(nameOf);
  const installed = await askPython(ASK, ofPython);
  const versionOf = async (peer) => (peer.startsWith("npm ") ? npmVersion(nameOf(peer)) : installed[ofPython.indexOf(nameOf(peer))]);
  return Promise.all(peers.map(async (peer) => [peer, await versionOf(peer)]));
}

const nameOf = (peer) => peer.slice(peer.indexOf(" ") + 1);

async function npmVersion(name) {
  for (const folder of FOLDERS) {
    const manifest = await readFile(new URL(`${folder}${name}/package.json`, import.meta.url), "utf8").catch(() => undefined);
    if (manifest) return JSON.parse(manifest).version;
  }
  throw new Error(`npm package ${name} is not installed`);
}

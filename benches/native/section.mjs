// The core as native code beside libsecp256k1, the limit. A crate of its own: ours stays free of C.
import { fileURLToPath } from "node:url";
import { answerOf } from "../measure/child.mjs";
import { quartiles, ratios } from "../measure/statistics.mjs";

const MANIFEST = fileURLToPath(new URL("Cargo.toml", import.meta.url));
const TARGET = fileURLToPath(new URL("../../target/native-bench/", import.meta.url));
const ROUNDS = { full: ["25", "400"], quick: ["7", "100"] };
const WORK = {
  sign: ["Sign a digest", "32 bytes in, 65 bytes r, s, v out; deterministic, low s."],
  recover: ["Recover a signer", "A digest and 65 bytes in, an address out; low s, v 27 or 28."],
};

export async function native(effort) {
  const cargo = ["run", "--quiet", "--release", "--manifest-path", MANIFEST, "--target-dir", TARGET, "--"];
  const told = JSON.parse(await answerOf(process.env.CARGO ?? "cargo", [...cargo, ...ROUNDS[effort]]));
  const tables = Object.entries(told).map(([id, { ours, theirs }]) => {
    const [own, limit] = [ours, theirs].map((times) => times.map((time) => time / 1_000));
    const [title, work] = WORK[id];
    const rows = [
      { name: "x402-wasm, the core", isOurs: true, value: quartiles(own), ratio: ratios(own, own) },
      { name: "libsecp256k1", value: quartiles(limit), ratio: ratios(limit, own) },
    ];
    return { id, title, work, unit: "µs of CPU", rows };
  });
  const about = "The core compiled for this machine beside libsecp256k1, through the crate secp256k1: C and assembly, which wasm has no part in. It tells how far the curve itself is from the limit.";
  return [{ id: "native", title: "Native code", about, tables }];
}

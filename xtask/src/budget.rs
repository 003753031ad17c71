//! The size budgets. Raising one is a commit of its own that says why.

use std::fs;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::command::{node, run};
use crate::fingerprint::{Fingerprint, Stamp};
use crate::{repo, say};

struct Budget {
    what: &'static str,
    limit: u64,
    parts: &'static [&'static str],
}

/// The design's are 45,000 for the payer of a page and 110,000 for the gate. The others are where the builds are.
const BUDGETS: &[Budget] = &[
    Budget {
        what: "payer: wasm + scripts, brotli",
        limit: 45_000,
        parts: &["/browser/wasm/brotli", "/browser/script/brotli"],
    },
    Budget {
        what: "full payer: wasm + scripts, brotli",
        limit: 66_400,
        parts: &["/full/wasm/brotli", "/full/script/brotli"],
    },
    // What a page loads on top, when its payer has a wallet outside or an option of the full build.
    Budget {
        what: "payer, on demand, brotli",
        limit: 62_600,
        parts: &["/fullPayer/wasm/brotli", "/fullPayer/script/brotli"],
    },
    // Where nobody downloads it: fast first.
    Budget {
        what: "fast payer: wasm + scripts, brotli",
        limit: 95_000,
        parts: &["/fastPayer/wasm/brotli", "/fastPayer/script/brotli"],
    },
    Budget {
        what: "fast gate: wasm + scripts, gzip",
        limit: 193_500,
        parts: &["/fastGate/wasm/gzip", "/fastGate/script/gzip"],
    },
    Budget { what: "payer: hand-written, minified", limit: 10_000, parts: &["/browser/handWritten"] },
    Budget { what: "paywall: page + wasm, brotli", limit: 52_800, parts: &["/paywall/brotli", "/paywall/wasm/brotli"] },
    Budget { what: "gate: wasm + scripts, gzip", limit: 105_000, parts: &["/edge/wasm/gzip", "/edge/script/gzip"] },
    // From an entry point that loads nothing on top.
    Budget {
        what: "lean gate: wasm + scripts, gzip",
        limit: 104_900,
        parts: &["/leanGate/wasm/gzip", "/leanGate/script/gzip"],
    },
    Budget {
        what: "facilitator: wasm + scripts, gzip",
        limit: 124_800,
        parts: &["/facilitator/wasm/gzip", "/facilitator/script/gzip"],
    },
    // What a gate loads on top, when its configuration asks for more.
    Budget {
        what: "full gate: wasm + scripts, gzip",
        limit: 132_300,
        parts: &["/fullGate/wasm/gzip", "/fullGate/script/gzip"],
    },
    Budget { what: "gate: hand-written, minified", limit: 10_000, parts: &["/edge/handWritten"] },
    Budget { what: "lean gate: hand-written, minified", limit: 10_000, parts: &["/leanGate/handWritten"] },
    // What a gate loads on top, when something is cashed or reconciled.
    Budget {
        what: "cashier: wasm + scripts, gzip",
        limit: 121_500,
        parts: &["/cashier/wasm/gzip", "/cashier/script/gzip"],
    },
    Budget { what: "cashier: hand-written, minified", limit: 10_000, parts: &["/cashier/handWritten"] },
];

/// Fails when a size is above its budget; answers with the table of sizes.
pub fn check() -> Result<Vec<String>> {
    let recipe = Fingerprint::default().folder(&repo::path("pkg"))?.file(&repo::path("xtask/node/measure.mjs"))?;
    let stamp = Stamp::new("sizes", recipe.finish());
    let kept = repo::workshop().join("sizes.json");
    if !(stamp.is_fresh() && kept.is_file()) {
        let measured = say::step("weighing", || run(&mut node(repo::path("xtask/node/measure.mjs"))))?;
        fs::write(&kept, measured)?;
        stamp.keep()?;
    }
    let sizes: Value = serde_json::from_str(&fs::read_to_string(&kept)?).context("the sizes are not JSON")?;
    let (table, broken) = judge(&sizes)?;
    if broken.is_empty() {
        return Ok(table);
    }
    bail!("above the budget: {}\n{}", broken.join("; "), table.join("\n"))
}

fn judge(sizes: &Value) -> Result<(Vec<String>, Vec<&'static str>)> {
    let mut table = vec![format!("{:<34}{:>9}{:>10}", "sizes in bytes", "is", "budget")];
    let mut broken = Vec::new();
    for &Budget { what, limit, parts } in BUDGETS {
        let mut size = 0;
        for part in parts {
            size += sizes.pointer(part).and_then(Value::as_u64).with_context(|| format!("{part} was not measured"))?;
        }
        let verdict = if size > limit { "  TOO LARGE" } else { "" };
        table.push(format!("{what:<34}{size:>9}{limit:>10}{verdict}"));
        if size > limit {
            broken.push(what);
        }
    }
    Ok((table, broken))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(wasm: u64) -> Value {
        let weights = serde_json::json!({ "brotli": wasm, "gzip": wasm });
        let door =
            serde_json::json!({ "wasm": weights, "script": { "brotli": 5_000, "gzip": 5_000 }, "handWritten": 10_000 });
        serde_json::json!({
            "browser": door, "full": door, "fullPayer": door, "paywall": { "brotli": 5_000, "wasm": weights }, "edge": door, "fullGate": door, "cashier": door,
            "facilitator": door, "fastPayer": door, "fastGate": door, "leanGate": door,
        })
    }

    #[test]
    fn a_size_at_its_budget_passes_and_one_byte_more_fails() {
        let scripts = 5_000;
        let wasm = BUDGETS[0].limit - scripts;
        assert!(judge(&sizes(wasm)).unwrap().1.is_empty());
        assert_eq!(judge(&sizes(wasm + 1)).unwrap().1, ["payer: wasm + scripts, brotli"]);
    }

    #[test]
    fn a_size_that_was_not_measured_is_an_error() {
        assert!(judge(&serde_json::json!({})).is_err());
    }
}

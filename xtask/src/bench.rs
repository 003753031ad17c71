//! Ours beside its peers: everything that is measured, and the document that tells it.

use anyhow::Result;

use crate::command::node;
use crate::{browser, repo, setup};

/// Measures, and a whole run writes docs/benchmarks.md with its plots; `options` are those of `benches/run.mjs`.
pub fn run(options: &[&str]) -> Result<()> {
    setup::bench_packages()?;
    setup::legacy_packages()?;
    let mut script = node(repo::path("benches/run.mjs"));
    script.args(options).env("CHROME", browser::ready()?.chrome);
    let status = script.status()?;
    anyhow::ensure!(status.success(), "the benchmarks ended: {status}");
    Ok(())
}

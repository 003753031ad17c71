//! The cinema, with one command.

use anyhow::Result;

use crate::command::{node, run};
use crate::fingerprint::{Fingerprint, Stamp, files_below};
use crate::{repo, say};

/// Bundles the page into www/dist, if it or the package changed.
pub fn build_page() -> Result<()> {
    let mut recipe = Fingerprint::default().folder(&repo::path("pkg"))?.file(&repo::path("package-lock.json"))?;
    let (www, built) = (repo::path("www"), repo::path("www/dist"));
    for file in files_below(&www)?.iter().filter(|file| !file.starts_with(&built)) {
        recipe = recipe.words(&[&file.to_string_lossy()]).file(file)?;
    }
    let stamp = Stamp::new("page", recipe.finish());
    if stamp.is_fresh() && built.join("index.html").is_file() {
        return Ok(());
    }
    say::step("bundling the page", || {
        run(node(repo::path("node_modules/vite/bin/vite.js")).args(["build", "www", "--logLevel", "warn"])).map(drop)
    })?;
    stamp.keep()
}

/// Hands over to the script that starts chain, gate and page, and stays until it ends.
pub fn open(options: &[&str]) -> Result<()> {
    let mut script = node(repo::path("www/stage/demo.mjs"));
    // Paths among the options are meant from where the person stands.
    script.current_dir(std::env::current_dir()?).args(options);
    become_program(&mut script)
}

// In this program's place the script gets Ctrl-C itself, and the prompt returns only when its children are gone.
#[cfg(unix)]
fn become_program(command: &mut std::process::Command) -> Result<()> {
    use std::os::unix::process::CommandExt as _;
    Err(command.exec().into())
}

#[cfg(not(unix))]
fn become_program(command: &mut std::process::Command) -> Result<()> {
    let status = command.status()?;
    anyhow::ensure!(status.success(), "the demo ended: {status}");
    Ok(())
}

//! What every task needs: a Node, the npm packages of the lockfile, the wasm target.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::command::{self, npm, program, run};
use crate::fingerprint::{Fingerprint, Stamp};
use crate::{repo, say};

/// The target of both doors.
pub const WASM: &str = "wasm32-unknown-unknown";

/// Makes sure of all that `build` needs.
pub fn for_build() -> Result<()> {
    check_node()?;
    rust_target(WASM)?;
    npm_packages()
}

fn check_node() -> Result<()> {
    let Ok(version) = run(program("node").arg("--version")) else {
        bail!("Node 20.19 or newer is needed and there is no `node`: install it from https://nodejs.org");
    };
    if !is_new_enough(&version).context("`node --version` answered no version")? {
        bail!("Node 20.19 or newer is needed, this is {}: install one from https://nodejs.org", version.trim());
    }
    if !command::exists(npm().get_program()) {
        bail!("npm is needed and there is none: it comes with Node, from https://nodejs.org");
    }
    Ok(())
}

// 20.19, 22.12 and everything after them: what Vite needs to bundle the page.
fn is_new_enough(version: &str) -> Option<bool> {
    let mut parts = version.trim().strip_prefix('v')?.split('.').map(|part| part.parse::<u32>().ok());
    let (major, minor) = (parts.next()??, parts.next()??);
    Some(matches!((major, minor), (20, 19..) | (22, 12..) | (23.., _)))
}

/// Adds a compilation target if the toolchain in use lacks it.
pub fn rust_target(target: &str) -> Result<()> {
    let sysroot = run(program("rustc").args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(target).join("lib").is_dir() {
        return Ok(());
    }
    if !command::exists("rustup") {
        bail!(
            "Rust's target {target} is missing and there is no rustup to add it: install Rust from https://rustup.rs"
        );
    }
    say::step(format!("adding Rust's target {target}"), || {
        run(program("rustup").args(["target", "add", target])).map(drop)
    })
}

/// Adds rustfmt and clippy if the toolchain in use lacks them.
pub fn rust_components() -> Result<()> {
    for component in ["rustfmt", "clippy"] {
        let tool = format!("cargo-{}", component.trim_start_matches("rust"));
        if command::exists(&tool) {
            continue;
        }
        if !command::exists("rustup") {
            bail!(
                "Rust's component {component} is missing and there is no rustup to add it: install Rust from https://rustup.rs"
            );
        }
        say::step(format!("adding Rust's component {component}"), || {
            run(program("rustup").args(["component", "add", component])).map(drop)
        })?;
    }
    Ok(())
}

fn npm_packages() -> Result<()> {
    install("npm", repo::root(), "installing npm packages by lockfile")
}

/// Makes sure of the packages of x402 v1, which bring more than everybody else together.
pub fn legacy_packages() -> Result<()> {
    install("npm-legacy", repo::path("tests/interop/legacy"), "installing npm's packages of x402 v1 by lockfile")
}

/// Makes sure of the peers that only the benchmarks know.
pub fn bench_packages() -> Result<()> {
    install("npm-benches", repo::path("benches"), "installing the benchmarks' packages by lockfile")
}

fn install(name: &str, folder: PathBuf, saying: &str) -> Result<()> {
    let stamp = Stamp::new(name, Fingerprint::default().file(&folder.join("package-lock.json"))?.finish());
    if stamp.is_fresh() && folder.join("node_modules/.package-lock.json").is_file() {
        return Ok(());
    }
    say::step(saying, || run(npm().args(["ci", "--no-progress"]).current_dir(folder)).map(drop))?;
    stamp.keep()
}

/// The version of an installed npm package.
pub fn npm_version(package: &str) -> Result<String> {
    let manifest = repo::path("node_modules").join(package).join("package.json");
    let text = fs::read_to_string(&manifest).with_context(|| format!("npm package {package} is not installed"))?;
    let manifest: serde_json::Value = serde_json::from_str(&text)?;
    Ok(manifest["version"].as_str().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_node_is_turned_away() {
        let good = ["v20.19.0\n", "v20.20.2", "v22.12.0", "v23.0.0", "v24.1.0"];
        let old = ["v18.20.0", "v20.18.3", "v21.7.0", "v22.11.0"];
        assert!(good.iter().all(|version| is_new_enough(version) == Some(true)));
        assert!(old.iter().all(|version| is_new_enough(version) == Some(false)));
        assert_eq!(is_new_enough("node"), None);
    }
}

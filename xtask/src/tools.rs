//! The programs that run Rust's tests in a browser, kept in a cache of the user by version, so that a fresh clone is
//! quick.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

use crate::command::{cargo, run};
use crate::{repo, say, wasm};

const WASM_PACK: &str = "0.15.1";

/// Where wasm-pack and wasm-bindgen's programs are.
pub struct WasmTools {
    /// wasm-pack itself.
    pub wasm_pack: PathBuf,
    /// The folder of `wasm-bindgen` and `wasm-bindgen-test-runner`, for PATH.
    pub wasm_bindgen: PathBuf,
}

/// Makes sure of wasm-pack, and of the wasm-bindgen programs in the version of Cargo.lock.
pub fn wasm_tools() -> Result<WasmTools> {
    let wasm_bindgen = wasm::locked_version("wasm-bindgen")?;
    Ok(WasmTools {
        wasm_pack: cargo_tool("wasm-pack", "wasm-pack", WASM_PACK)?.join("wasm-pack"),
        wasm_bindgen: cargo_tool("wasm-bindgen", "wasm-bindgen-cli", &wasm_bindgen)?,
    })
}

fn cargo_tool(short: &str, package: &str, version: &str) -> Result<PathBuf> {
    let home = cache()?.join(format!("{short}-{version}"));
    let folder = home.join("bin");
    if folder.join(short).is_file() {
        return Ok(folder);
    }
    say::step(format!("compiling {package} {version}, once for this user (some minutes)"), || {
        let install = ["install", package, "--version", version, "--root"];
        let target = repo::path("target/tools");
        let mut locked = cargo();
        locked.args(install).arg(&home).arg("--locked").env("CARGO_TARGET_DIR", &target);
        if run(&mut locked).is_ok() {
            return Ok(());
        }
        // A lockfile of the tool can name a release that a registry lacks; its own requirements still hold.
        let mut unlocked = cargo();
        unlocked.args(install).arg(&home).env("CARGO_TARGET_DIR", &target);
        run(&mut unlocked).map(drop)
    })?;
    if !folder.join(short).is_file() {
        bail!("`cargo install {package}` left no {short} in {}", folder.display());
    }
    Ok(folder)
}

/// The folder of what is kept between clones.
pub fn cache() -> Result<PathBuf> {
    let base = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cache")))
        .context("neither XDG_CACHE_HOME nor HOME is set, so there is no place for the tools of the tests")?;
    let folder = base.join("x402-wasm");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

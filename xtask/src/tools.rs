//! The tools of the tests, each kept in a cache of the user by its version, so that a fresh clone is quick.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::command::{cargo, program, run};
use crate::fingerprint::Fingerprint;
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

/// The Python of an environment that holds the pinned foreign clients.
pub fn python() -> Result<PathBuf> {
    let requirements = repo::path("tests/interop/requirements.txt");
    let digest = Fingerprint::default().file(&requirements)?.finish();
    let home = cache()?.join(format!("python-{}", digest.get(..16).unwrap_or(&digest)));
    let (python, complete) = (home.join("bin/python"), home.join("complete"));
    if complete.is_file() {
        return Ok(python);
    }
    let system = system_python()?;
    say::step("installing the Python clients", || {
        run(program(system).args(["-m", "venv", "--clear"]).arg(&home)).context(
            "Python cannot make a virtual environment; on Debian and Ubuntu run `apt-get install python3-venv`",
        )?;
        // Pinned to the last one, so pip need not look for more.
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--requirement"];
        run(program(&python).args(pip).arg(&requirements))?;
        fs::write(&complete, "")?;
        Ok(())
    })?;
    Ok(python)
}

/// A Chromium and the driver that wasm-pack steers it with.
pub struct Browser {
    /// The browser.
    pub chrome: PathBuf,
    /// The program that steers it.
    pub driver: PathBuf,
}

/// Finds a Chromium and its driver, or installs them where that is possible without asking.
pub fn browser() -> Result<Browser> {
    if let Some(found) = find_browser() {
        return Ok(found);
    }
    if is_debian_root() {
        say::step("installing Chromium and its driver", || {
            run(program("apt-get").arg("update"))?;
            run(program("apt-get").args(["install", "--yes", "--no-install-recommends", "chromium", "chromium-driver"]))
        })?;
    }
    find_browser().context(
        "Chromium and chromedriver are needed and not found: install them (on Debian and Ubuntu `sudo apt-get install \
         chromium chromium-driver`) or set CHROME and CHROMEDRIVER to their paths",
    )
}

fn find_browser() -> Option<Browser> {
    let chrome = find("CHROME", &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"])?;
    let driver = find("CHROMEDRIVER", &["chromedriver"])?;
    Some(Browser { chrome, driver })
}

// The variable wins; then the first name that PATH knows.
fn find(variable: &str, names: &[&str]) -> Option<PathBuf> {
    if let Some(named) = std::env::var_os(variable).map(PathBuf::from) {
        return named.is_file().then_some(named);
    }
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name))).find(|file| file.is_file())
}

fn is_debian_root() -> bool {
    let is_root = run(program("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    is_root && Path::new("/etc/debian_version").is_file()
}

fn system_python() -> Result<&'static str> {
    let new_enough = "import sys; sys.exit(sys.version_info < (3, 11))";
    let is_usable =
        |name: &&str| Command::new(name).args(["-c", new_enough]).output().is_ok_and(|o| o.status.success());
    ["python3", "python3.13", "python3.12", "python3.11", "python"].into_iter().find(is_usable).context(
        "Python 3.11 or newer is needed for the foreign clients: on Debian and Ubuntu run `sudo apt-get install \
         python3 python3-venv`",
    )
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

fn cache() -> Result<PathBuf> {
    let base = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cache")))
        .context("neither XDG_CACHE_HOME nor HOME is set, so there is no place for the tools of the tests")?;
    let folder = base.join("x402-wasm");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

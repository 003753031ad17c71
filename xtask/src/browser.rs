//! The browser of the tests.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::command::{node, program, run};
use crate::system::{find_program, install_if_possible};
use crate::{repo, say};

/// A Chromium, and the program that steers it for wasm-pack.
pub struct Browser {
    /// The browser.
    pub chrome: PathBuf,
    /// Its chromedriver.
    pub driver: PathBuf,
}

const CHROMES: [&str; 5] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const CHROME_ON_MAC: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/// Finds both, or installs them where that is possible without asking.
pub fn ready() -> Result<Browser> {
    if find_chrome()?.is_none() || find_driver()?.is_none() {
        install_if_possible("Chromium and its driver", &["chromium", "chromium-driver"])?;
    }
    let driver = find_driver()?.context(
        "chromedriver is needed and not found: install it (`sudo apt-get install chromium-driver`, `brew install \
         chromedriver`) or set CHROMEDRIVER to its path",
    )?;
    let chrome = match find_chrome()? {
        Some(chrome) => chrome,
        None => download_chrome().context(
            "Chromium is needed and not found: install it (`sudo apt-get install chromium`) or set CHROME to its path",
        )?,
    };
    Ok(Browser { chrome, driver })
}

fn find_chrome() -> Result<Option<PathBuf>> {
    let on_mac = || Some(PathBuf::from(CHROME_ON_MAC)).filter(|file| file.is_file());
    Ok(named_by("CHROME")?.or_else(|| find_program(&CHROMES)).or_else(on_mac))
}

fn find_driver() -> Result<Option<PathBuf>> {
    Ok(named_by("CHROMEDRIVER")?.or_else(|| find_program(&["chromedriver"])))
}

fn named_by(variable: &str) -> Result<Option<PathBuf>> {
    let Some(file) = std::env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from) else {
        return Ok(None);
    };
    if !file.is_file() {
        bail!("{variable} is set to {}, and there is no such file", file.display());
    }
    Ok(Some(file))
}

fn download_chrome() -> Result<PathBuf> {
    let cli = repo::path("node_modules/playwright-core/cli.js");
    say::step("downloading Playwright's Chromium", || run(node(cli).args(["install", "chromium"])))?;
    let question = "import('playwright-core').then(({ chromium }) => console.log(chromium.executablePath()))";
    let path = run(program("node").args(["-e", question]))?;
    Ok(Path::new(path.trim()).to_path_buf())
}

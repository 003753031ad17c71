//! The Python environment of the foreign peers.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::command::{self, program, run};
use crate::fingerprint::Fingerprint;
use crate::system::install_if_possible;
use crate::{repo, say, tools};

/// The Python of an environment that holds exactly what tests/interop/python/requirements.txt names.
pub fn ready() -> Result<PathBuf> {
    let requirements = repo::path("tests/interop/python/requirements.txt");
    let digest = Fingerprint::default().file(&requirements)?.finish();
    let home = tools::cache()?.join(format!("python-{}", digest.get(..16).unwrap_or(&digest)));
    let (python, complete) = (home.join("bin/python"), home.join("complete"));
    if complete.is_file() && command::exists(&python) {
        return Ok(python);
    }
    if make_environment(&home).is_err() {
        install_if_possible("Python", &["python3", "python3-venv"])?;
        make_environment(&home).context(
            "Python 3.11 or newer that can make virtual environments is needed for the foreign peers: on Debian and \
             Ubuntu run `sudo apt-get install python3 python3-venv`",
        )?;
    }
    say::step("installing the foreign peers for Python", || {
        // The list is complete, so pip need not look for more; and a wheel runs nothing when it is installed.
        let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"];
        let only_as_listed = ["--require-hashes", "--only-binary", ":all:", "--requirement"];
        run(program(&python).args(install).args(only_as_listed).arg(&requirements)).map(drop)
    })?;
    fs::write(&complete, "")?;
    Ok(python)
}

fn make_environment(home: &Path) -> Result<()> {
    let is_usable = |name: &&str| {
        let question = "import sys; sys.exit(sys.version_info < (3, 11))";
        Command::new(name).args(["-c", question]).output().is_ok_and(|output| output.status.success())
    };
    let names = ["python3", "python3.13", "python3.12", "python3.11", "python"];
    let python = names.into_iter().find(is_usable).context("there is no Python of 3.11 or newer")?;
    run(program(python).args(["-m", "venv", "--clear"]).arg(home)).map(drop)
}

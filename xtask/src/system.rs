//! Packages of the operating system, where they can be installed without asking: as root on Debian and its kin.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::command::{program, run};
use crate::say;

/// Installs Debian packages if that is possible here; whether they are there afterwards is for the caller to see.
pub fn install_if_possible(what: &str, packages: &[&str]) -> Result<()> {
    let is_root = run(program("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if !(is_root && Path::new("/etc/debian_version").is_file()) {
        return Ok(());
    }
    say::step(format!("installing {what}"), || {
        run(program("apt-get").arg("update"))?;
        let install = ["install", "--yes"];
        run(program("apt-get").args(install).args(packages).env("DEBIAN_FRONTEND", "noninteractive")).map(drop)
    })
}

/// The first of these programs that PATH knows.
pub fn find_program(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name))).find(|file| file.is_file())
}

//! Running other programs.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::{repo, say};

/// Variables with which a caller's flags would replace those of `.cargo/config.toml` without a word: the curve would
/// silently get its slow field arithmetic.
const FLAG_VARIABLES: [&str; 2] = ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"];

/// A program started in the root of the repository.
pub fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(repo::root());
    command
}

/// Cargo, with the flags of `.cargo/config.toml` and no others.
pub fn cargo() -> Command {
    let mut command = program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.env("CARGO_TARGET_DIR", repo::path("target"));
    without_flag_variables(&mut command);
    command
}

/// Takes the flag variables out of a program's environment.
pub fn without_flag_variables(command: &mut Command) {
    for variable in FLAG_VARIABLES {
        command.env_remove(variable);
    }
}

/// Says so when the caller's environment carries flags that are not used.
pub fn mention_flag_variables() {
    for variable in FLAG_VARIABLES {
        if std::env::var_os(variable).is_some() {
            say::note(format!(
                "{variable} is set; it would replace the flags in .cargo/config.toml, so it is left out"
            ));
        }
    }
}

/// Node with one of our scripts or an npm tool.
pub fn node(script: impl AsRef<Path>) -> Command {
    let mut command = program("node");
    command.arg(script.as_ref());
    command
}

/// npm, whose launcher has another name on Windows.
pub fn npm() -> Command {
    program(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

/// Runs it silently; its output is the answer, or on failure the error.
pub fn run(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("cannot start {}", shown(command)))?;
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(stdout);
    }
    bail!("{} failed ({}):\n{stdout}{}", shown(command), output.status, String::from_utf8_lossy(&output.stderr))
}

/// Whether the program exists and answers `--version`.
pub fn exists(name: impl AsRef<OsStr>) -> bool {
    Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// The command line as a person would type it.
pub fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

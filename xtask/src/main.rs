//! The workshop: builds, sets up, starts and tests x402-wasm. Run it as `cargo xtask <task>`.

mod budget;
mod command;
mod demo;
mod fingerprint;
mod house;
mod package;
mod repo;
mod rules;
mod runner;
mod say;
mod setup;
mod surface;
mod test;
mod tools;
mod wasm;

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, bail};

const TASKS: &str = "\
cargo xtask demo [--port N] [--rpc-port N] [--data DIR] [--no-open]
                                       the cinema: http://127.0.0.1:4020
cargo xtask test [STEP]                every test, or the steps whose name contains STEP
cargo xtask build [--accept-surface]   the npm package lies in pkg/
cargo xtask pack                       the package's tarball lies in target/package/";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<()> {
    match words {
        ["build"] => build(false),
        ["build", "--accept-surface"] => build(true),
        ["demo", options @ ..] => {
            build(false)?;
            demo::build_page()?;
            demo::open(options)
        }
        ["test"] => test::run(""),
        ["test", filter] => test::run(filter),
        ["pack"] => build(false).and_then(|()| package::pack()),
        ["help" | "--help" | "-h"] | [] => {
            println!("{TASKS}");
            Ok(())
        }
        _ => bail!("there is no task `{}`. There are:\n{TASKS}", words.join(" ")),
    }
}

/// Everything that users of the package get, laid into pkg/ and weighed.
fn build(accept_surface: bool) -> Result<()> {
    let start = Instant::now();
    say::heading("building the package");
    setup::for_build()?;
    wasm::check_versions()?;
    command::mention_flag_variables();
    for door in &wasm::DOORS {
        door.build()?;
        if accept_surface {
            surface::accept(door)?;
        }
        surface::check(door)?;
    }
    package::assemble()?;
    budget::check()?;
    say::note(format!("pkg/ is ready after {}", say::duration(start.elapsed())));
    Ok(())
}

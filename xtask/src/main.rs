//! The workshop: builds, sets up, starts and tests x402-wasm. Run it as `cargo xtask <task>`.

mod bench;
mod browser;
mod budget;
mod command;
mod demo;
mod fingerprint;
mod glue;
mod house;
mod one_thread;
mod order;
mod package;
mod python;
mod recipe;
mod relink;
mod repo;
mod rules;
mod runner;
mod say;
mod setup;
mod surface;
mod system;
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
cargo xtask bench [--quick] [--only PART]
                                       ours beside its peers; writes docs/benchmarks.md
cargo xtask pack                       the package's tarball lies in target/package/";

fn main() -> ExitCode {
    if let Some(outcome) = relink::if_asked() {
        return outcome;
    }
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
        ["build"] => build(),
        ["build", "--accept-surface"] => accept_surface(),
        ["demo", options @ ..] => {
            make_package()?;
            demo::build_page()?;
            demo::open(options)
        }
        ["test"] => test::run(""),
        ["test", filter] => test::run(filter),
        ["bench", options @ ..] => {
            make_package()?;
            bench::run(options)
        }
        ["pack"] => {
            make_package()?;
            package::pack()
        }
        ["help" | "--help" | "-h"] | [] => {
            println!("{TASKS}");
            Ok(())
        }
        _ => bail!("there is no task `{}`. There are:\n{TASKS}", words.join(" ")),
    }
}

/// The package, and how much of its budgets it takes.
fn build() -> Result<()> {
    let start = Instant::now();
    for line in make_package()? {
        say::note(line);
    }
    say::note(format!("pkg/ is ready after {}", say::duration(start.elapsed())));
    Ok(())
}

/// Takes the modules' imports and exports as they are now for the committed lists.
fn accept_surface() -> Result<()> {
    setup::for_build()?;
    for door in &wasm::DOORS {
        door.build()?;
        surface::accept(door)?;
    }
    build()
}

/// Lays everything that users of the package get into pkg/, within its budgets; answers with the table of sizes.
fn make_package() -> Result<Vec<String>> {
    say::heading("building the package");
    setup::for_build()?;
    wasm::check_versions()?;
    command::mention_flag_variables();
    for door in &wasm::DOORS {
        door.build()?;
        surface::check(door)?;
    }
    package::assemble()?;
    budget::check()
}

//! Every test there is, in one run: all steps run, and the last line says how many tests passed and failed.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::browser::Browser;
use crate::command::{cargo, node, without_flag_variables};
use crate::fingerprint::files_below;
use crate::runner::{Count, Outcome, Runner, run_step, run_tests};
use crate::tools::{self, WasmTools};
use crate::{browser, demo, house, python, repo, rules, say, setup};

type Work = Box<dyn Fn(&Tools) -> Result<Count>>;

struct Step {
    name: &'static str,
    needs: Need,
    work: Work,
}

/// What has to be ready before a step.
#[derive(Clone, Copy, PartialEq)]
enum Need {
    Rust,
    /// A browser, and the programs that run Rust's tests in it.
    RustInBrowser,
    /// The package, the page and a browser.
    Package,
    /// The same, and the foreign peers.
    Peers,
}

/// What the chosen steps need; the rest is absent.
#[derive(Default)]
struct Tools {
    wasm: Option<WasmTools>,
    browser: Option<Browser>,
    python: Option<PathBuf>,
    vectors: Option<PathBuf>,
}

/// Runs all steps, or those whose name contains `filter`.
pub fn run(filter: &str) -> Result<()> {
    let steps: Vec<Step> = steps().into_iter().filter(|step| step.name.contains(filter)).collect();
    if steps.is_empty() {
        let names: Vec<_> = self::steps().iter().map(|step| format!("  {}", step.name)).collect();
        bail!("no step's name contains `{filter}`. There are:\n{}", names.join("\n"));
    }
    let tools = set_up(|need| steps.iter().any(|step| step.needs == need))?;

    say::heading("testing; each step's output is in target/test-logs/");
    let outcomes: Vec<Outcome> = steps.iter().map(|step| run_step(step.name, || (step.work)(&tools))).collect();
    summary(&outcomes)
}

fn set_up(is_needed: impl Fn(Need) -> bool) -> Result<Tools> {
    let mut tools = Tools { vectors: vectors()?, ..Tools::default() };
    let package = is_needed(Need::Package) || is_needed(Need::Peers);
    if package {
        crate::make_package()?;
        demo::build_page()?;
    }
    say::heading("making the tests ready");
    for target in [setup::WASM, BARE] {
        setup::rust_target(target)?;
    }
    setup::rust_components()?;
    if is_needed(Need::RustInBrowser) {
        tools.wasm = Some(tools::wasm_tools()?);
    }
    if is_needed(Need::RustInBrowser) || package {
        tools.browser = Some(browser::ready()?);
    }
    if is_needed(Need::Peers) {
        tools.python = Some(python::ready()?);
        setup::legacy_packages()?;
    }
    Ok(tools)
}

const BARE: &str = "wasm32v1-none";

fn steps() -> Vec<Step> {
    vec![
        check("formatting", || with(cargo(), &["fmt", "--all", "--check"])),
        check("lints", || with(cargo(), &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])),
        check("lints, browser build", || lint_door("browser")),
        check("lints, paywall build", || lint_door("browser,outside-wallets")),
        check("lints, full browser build", || lint_door("browser,full-payer")),
        check("lints, edge build", || lint_door("edge")),
        check("lints, full edge build", || lint_door("edge,full-gate")),
        check("lints, cashier build", || lint_door("cashier")),
        check("core for a bare target", || with(cargo(), &["build", "--target", BARE])),
        own("house", house::check),
        own("rules", rules::check),
        tests("core", |tools| cargo_test(tools, &["test", "--workspace", "--no-fail-fast"])),
        tests("core with 32-bit limbs", |tools| {
            // A folder of its own: other flags would compile everything anew, back and forth.
            let flags = "build.rustflags=[\"--cfg\",\"cpubits=\\\"32\\\"\"]";
            cargo_test(tools, &["test", "--no-fail-fast", "--config", flags, "--target-dir", "target/limbs32"])
        }),
        tests("payer of a page", |tools| {
            cargo_test(tools, &["test", "--lib", "--no-default-features", "payer::tests"])
        }),
        tests("simulation", |tools| {
            let all = ["test", "--profile", "simulation", "--test", "simulation", "--", "--nocapture"];
            cargo_test(tools, &all)
        }),
        in_browser("browser build in Chromium", "browser"),
        in_browser("full browser build in Chromium", "browser,full-payer"),
        in_browser("edge build in Chromium", "edge,cashier"),
        in_browser("full edge build in Chromium", "edge,cashier,full-gate"),
        scripts("packaging", Need::Package),
        scripts("binaries", Need::Package),
        types(),
        scripts("stores", Need::Package),
        scripts("behaviour", Need::Package),
        scripts("endurance", Need::Package),
        scripts("interop", Need::Peers),
        scripts("e2e", Need::Package),
    ]
}

fn check(name: &'static str, command: fn() -> Command) -> Step {
    Step { name, needs: Need::Rust, work: Box::new(move |_| run_tests(name, &mut command(), Runner::Check)) }
}

fn own(name: &'static str, check: fn() -> Result<()>) -> Step {
    Step { name, needs: Need::Rust, work: Box::new(move |_| check().map(|()| Count::default())) }
}

fn tests(name: &'static str, command: fn(&Tools) -> Command) -> Step {
    Step { name, needs: Need::Rust, work: Box::new(move |tools| run_tests(name, &mut command(tools), Runner::Rust)) }
}

fn in_browser(name: &'static str, feature: &'static str) -> Step {
    let work = move |tools: &Tools| run_tests(name, &mut wasm_pack(tools, feature)?, Runner::RustInBrowser);
    Step { name, needs: Need::RustInBrowser, work: Box::new(work) }
}

/// The hand-written types, used as a user would use them.
fn types() -> Step {
    let work = |_: &Tools| {
        let compiler = repo::path("node_modules/typescript/bin/tsc");
        let mut command = with(node(compiler), &["--noEmit", "--project", "tests/packaging/tsconfig.json"]);
        run_tests("types", &mut command, Runner::Check)
    };
    Step { name: "types", needs: Need::Package, work: Box::new(work) }
}

/// The files `tests/<name>/**/*.test.{js,mjs}`, one after the other: they share ports and this machine's patience.
fn scripts(name: &'static str, needs: Need) -> Step {
    let work = move |tools: &Tools| {
        let is_test = |file: &PathBuf| {
            let name = file.to_string_lossy();
            name.ends_with(".test.mjs") || name.ends_with(".test.js")
        };
        let files: Vec<_> = files_below(&repo::path("tests").join(name))?.into_iter().filter(is_test).collect();
        if files.is_empty() {
            bail!("tests/{name} has no file *.test.mjs");
        }
        let mut command = node("--test");
        // Endurance takes its minutes; elsewhere five are a fault.
        let timeout = if name == "endurance" { "--test-timeout=900000" } else { "--test-timeout=300000" };
        command.args(["--test-reporter=tap", "--test-concurrency=1", timeout]).args(files);
        command.env("CHROME", &tools.browser.as_ref().context(NOT_READY)?.chrome);
        if let Some(python) = &tools.python {
            command.env("PYTHON", python);
        }
        with_vectors(&mut command, tools);
        run_tests(name, &mut command, Runner::Node)
    };
    Step { name, needs, work: Box::new(work) }
}

const NOT_READY: &str = "the set-up left out what this step needs";

fn with(mut command: Command, arguments: &[&str]) -> Command {
    command.args(arguments);
    command
}

fn lint_door(features: &str) -> Command {
    let package = ["clippy", "--package", "x402-wasm", "--all-targets", "--target", setup::WASM];
    with(with(cargo(), &package), &["--no-default-features", "--features", features, "--", "-D", "warnings"])
}

fn cargo_test(tools: &Tools, arguments: &[&str]) -> Command {
    let mut command = with(cargo(), arguments);
    with_vectors(&mut command, tools);
    command
}

// In a browser for real. A suite that forgets `run_in_browser` is skipped without a word: the count of tests tells.
fn wasm_pack(tools: &Tools, feature: &str) -> Result<Command> {
    let (wasm, browser) = (tools.wasm.as_ref().context(NOT_READY)?, tools.browser.as_ref().context(NOT_READY)?);
    let mut command = crate::command::program(&wasm.wasm_pack);
    without_flag_variables(&mut command);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(wasm.wasm_bindgen.clone()).chain(std::env::split_paths(&path));
    command.env("PATH", std::env::join_paths(folders)?);
    command.args(["test", "--headless", "--chrome", "--mode", "no-install", "--chromedriver"]);
    command.arg(&browser.driver).args(["--", "--no-default-features", "--features", feature]);
    with_vectors(&mut command, tools);
    Ok(command)
}

fn with_vectors(command: &mut Command, tools: &Tools) {
    if let Some(vectors) = &tools.vectors {
        command.env("X402_VECTORS", vectors);
    }
}

// The large vector files are shared between projects and lie beside the repository.
fn vectors() -> Result<Option<PathBuf>> {
    let folder = repo::root().parent().map(|parent| parent.join("shared/vectors")).filter(|folder| folder.is_dir());
    if folder.is_none() && std::env::var_os("CI").is_some_and(|ci| ci == "true") {
        bail!("CI=true, but the folder ../shared/vectors is not there, so its tests would be skipped");
    }
    Ok(folder)
}

fn summary(outcomes: &[Outcome]) -> Result<()> {
    println!();
    let (mut passed, mut failed) = (0, 0);
    for Outcome { name, count, is_good, took } in outcomes {
        let verdict = if *is_good { "ok" } else { "FAILED" };
        let tests =
            if count.passed + count.failed == 0 { String::new() } else { (count.passed + count.failed).to_string() };
        println!("  {name:<28}{verdict:>8}{tests:>8}{:>14}", say::duration(*took));
        passed += count.passed;
        failed += count.failed;
    }
    println!("\n{passed} passed, {failed} failed");
    if outcomes.iter().all(|outcome| outcome.is_good) {
        return Ok(());
    }
    let names: Vec<_> = outcomes.iter().filter(|outcome| !outcome.is_good).map(|outcome| outcome.name).collect();
    Err(anyhow::anyhow!("not as it should be: {}", names.join(", "))).context("the test run failed")
}

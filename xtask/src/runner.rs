//! One step of the test run: a command whose output goes to a log, and the tests counted in it.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::{command, repo, say};

/// How a runner tells how many tests it ran.
#[derive(Clone, Copy)]
pub enum Runner {
    /// `cargo test`: `test result: ok. 3 passed; 0 failed; …`
    Rust,
    /// The same from `wasm-pack test`, of which only those count that ran in the browser: the documentation's run
    /// natively, and a suite that forgets `run_in_browser` does not run at all.
    RustInBrowser,
    /// `node --test` with its TAP reporter: `# tests 3`, `# pass 3`, `# skipped 0`
    Node,
    /// A check without single tests: it counts only when it fails.
    Check,
}

/// Tests that ran.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Count {
    /// Those that passed.
    pub passed: u32,
    /// Those that did not.
    pub failed: u32,
}

impl Count {
    fn and(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }
}

/// What a step came to.
pub struct Outcome {
    /// The step's name.
    pub name: &'static str,
    /// Its tests.
    pub count: Count,
    /// Whether everything in it was as it should be.
    pub is_good: bool,
    /// How long it took.
    pub took: Duration,
}

/// Runs a step and says on one line what came of it. A failure is shown in full, and is no reason to stop.
pub fn run_step(name: &'static str, work: impl FnOnce() -> Result<Count>) -> Outcome {
    say::begin(name);
    let start = Instant::now();
    let result = work();
    let took = start.elapsed();
    match result {
        Ok(count) => {
            say::end(format!("{}{}", say::duration(took), tests(count)));
            Outcome { name, count, is_good: count.failed == 0, took }
        }
        Err(error) => {
            say::end(format!("FAILED after {}", say::duration(took)));
            println!("{error:#}\n");
            let count = error.downcast_ref::<Failed>().map_or(Count::default(), |failed| failed.count);
            // A step that fails without a failed test of its own counts as one.
            Outcome { name, count: Count { failed: count.failed.max(1), ..count }, is_good: false, took }
        }
    }
}

/// Runs a command into a log and counts its tests.
pub fn run_tests(name: &str, command: &mut Command, runner: Runner) -> Result<Count> {
    let log = log_file(name)?;
    let output = File::create(&log)?;
    command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
    let status = wait(command, PATIENCE)?;
    let text = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
    let Some(status) = status else {
        bail!("{text}\n{}: no end after {}", command::shown(command), say::duration(PATIENCE));
    };
    let count = count(&text, runner);
    if !status.success() || count.failed > 0 {
        let shown = command::shown(command);
        return Err(Failed { count, text: format!("{text}\n{shown}: {status}") }.into());
    }
    if count.passed == 0 && !matches!(runner, Runner::Check) {
        bail!("{text}\n{}: it ran no test at all", command::shown(command));
    }
    Ok(count)
}

// Longer than the slowest step takes cold, and short enough that CI still tells which step it was.
const PATIENCE: Duration = Duration::from_secs(20 * 60);

// Nothing when the patience was at its end before the command.
fn wait(command: &mut Command, patience: Duration) -> Result<Option<ExitStatus>> {
    let mut child = command.spawn().with_context(|| format!("cannot start {}", command::shown(command)))?;
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if start.elapsed() > patience {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The count of a failed command travels with its output.
#[derive(Debug)]
struct Failed {
    count: Count,
    text: String,
}

impl std::fmt::Display for Failed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl std::error::Error for Failed {}

fn log_file(name: &str) -> Result<PathBuf> {
    let folder = repo::path("target/test-logs");
    fs::create_dir_all(&folder)?;
    Ok(folder.join(format!("{}.log", name.replace([' ', ',', ':', '/'], "-"))))
}

fn tests(count: Count) -> String {
    match count.passed {
        0 => String::new(),
        1 => ", 1 test".to_owned(),
        passed => format!(", {passed} tests"),
    }
}

fn count(output: &str, runner: Runner) -> Count {
    match runner {
        Runner::Check => Count::default(),
        Runner::Rust => rust_results(output),
        Runner::RustInBrowser => {
            let in_browser = output.split("Running headless tests in Chrome").skip(1);
            let first_results =
                in_browser.filter_map(|section| section.split_inclusive("test result: ").nth(1)?.lines().next());
            first_results.fold(Count::default(), |sum, result| sum.and(rust_result(result)))
        }
        Runner::Node => {
            let number = |line: &str, what: &str| line.strip_prefix("# ")?.strip_prefix(what)?.parse::<u32>().ok();
            // The last ones: a test's own words become comments too.
            let total =
                |what: &str| output.lines().filter_map(|line| number(line, what)).next_back().unwrap_or_default();
            let passed = total("pass ");
            let left_out = total("skipped ") + total("todo ");
            Count { passed, failed: total("tests ").saturating_sub(passed + left_out) }
        }
    }
}

fn rust_results(output: &str) -> Count {
    let results = output.lines().filter_map(|line| line.trim().strip_prefix("test result: "));
    results.fold(Count::default(), |sum, result| sum.and(rust_result(result)))
}

fn rust_result(line: &str) -> Count {
    Count { passed: number_before(line, " passed"), failed: number_before(line, " failed") }
}

fn number_before(text: &str, word: &str) -> u32 {
    let before = text.split(word).next().unwrap_or_default();
    before.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rust_results_are_added_up() {
        let output = "running 3 tests\ntest result: ok. 3 passed; 0 failed; 1 ignored; 0 measured\n\
                      test result: FAILED. 1 passed; 2 failed; 0 ignored\n";
        assert_eq!(count(output, Runner::Rust), Count { passed: 4, failed: 2 });
    }

    #[test]
    fn only_what_ran_in_the_browser_counts_there() {
        let native = "Doc-tests\nrunning 1 test\ntest result: ok. 1 passed; 0 failed;\n";
        let output = format!(
            "no tests to run!\nRunning headless tests in Chrome on `http`\ntest a ... ok\ntest result: ok. 5 passed; 0 failed;\n{native}"
        );
        assert_eq!(count(&output, Runner::RustInBrowser), Count { passed: 5, failed: 0 });
        assert_eq!(count(native, Runner::RustInBrowser), Count::default());
    }

    #[test]
    fn cancelled_node_tests_have_failed_and_skipped_ones_have_not() {
        let output = "ok 1 - a\n# tests 6\n# suites 0\n# pass 3\n# fail 1\n# cancelled 1\n# skipped 1\n# todo 0\n";
        assert_eq!(count(output, Runner::Node), Count { passed: 3, failed: 2 });
    }

    #[test]
    fn a_runner_without_tests_is_a_failure() {
        let silent = &mut Command::new("true");
        assert!(run_tests("xtask self-test", silent, Runner::Rust).unwrap_err().to_string().contains("no test at all"));
        assert!(run_tests("xtask self-test", silent, Runner::Check).is_ok());
    }

    #[test]
    fn a_command_without_an_end_is_ended() {
        let mut sleeper = Command::new("sleep");
        sleeper.arg("60");
        assert!(wait(&mut sleeper, Duration::from_millis(30)).unwrap().is_none());
    }

    #[test]
    fn a_failing_command_is_a_failure_even_if_all_its_tests_passed() {
        let mut liar = Command::new("sh");
        liar.args(["-c", "echo 'test result: ok. 3 passed; 0 failed;'; exit 1"]);
        let outcome = run_step("a liar", || run_tests("xtask self-test liar", &mut liar, Runner::Rust));
        assert_eq!((outcome.is_good, outcome.count), (false, Count { passed: 3, failed: 1 }));
    }
}

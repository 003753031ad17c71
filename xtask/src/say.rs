//! What the person at the terminal sees: one line a step, with its time.

use std::fmt::Display;
use std::io::Write as _;
use std::time::{Duration, Instant};

use anyhow::Result;

/// Says what is being done, does it, and says how long it took.
pub fn step<T>(what: impl Display, work: impl FnOnce() -> Result<T>) -> Result<T> {
    begin(what);
    let start = Instant::now();
    let result = work();
    let verdict = if result.is_ok() { "" } else { "FAILED after " };
    end(format!("{verdict}{}", duration(start.elapsed())));
    result
}

/// Opens a line that [`end`] closes.
pub fn begin(what: impl Display) {
    print!("  {what} … ");
    // A terminal that is gone is no reason to stop.
    let _ = std::io::stdout().flush();
}

/// Closes the line.
pub fn end(result: impl Display) {
    println!("{result}");
}

/// One plain line under a heading.
pub fn note(text: impl Display) {
    println!("  {text}");
}

/// The line that opens a group of steps.
pub fn heading(text: impl Display) {
    println!("{text}");
}

/// `0.4 s`, `12.3 s`, `2 min 05 s`.
pub fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds < 60 {
        return format!("{:.1} s", duration.as_secs_f32());
    }
    format!("{} min {:02} s", seconds / 60, seconds % 60)
}

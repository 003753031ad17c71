//! What happened in all runs together: a simulation that does nothing would be seen here.

use std::collections::BTreeMap;
use std::fmt;
use x402_wasm::ledger::{LIFE, State};

#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) runs: u64,
    pub(crate) steps: u64,
    /// By their names.
    pub(crate) faults: BTreeMap<&'static str, u64>,
    /// By their row of `LIFE`.
    pub(crate) moves: Vec<u64>,
    /// By their names.
    pub(crate) deeds: BTreeMap<&'static str, u64>,
}

impl Tally {
    pub(crate) fn fault(&mut self, name: &'static str) {
        *self.faults.entry(name).or_default() += 1;
    }

    pub(crate) fn deed(&mut self, name: &'static str) {
        *self.deeds.entry(name).or_default() += 1;
    }

    /// Counts a move; whether it stands in the table.
    pub(crate) fn moved(&mut self, from: Option<State>, to: Option<State>) -> bool {
        self.moves.resize(LIFE.len(), 0);
        match LIFE.iter().position(|row| (row.from, row.to) == (from, to)) {
            Some(row) => self.moves[row] += 1,
            None => return false,
        }
        true
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.runs += other.runs;
        self.steps += other.steps;
        self.moves.resize(LIFE.len(), 0);
        for (own, other) in self.moves.iter_mut().zip(&other.moves) {
            *own += other;
        }
        for (name, count) in &other.faults {
            *self.faults.entry(name).or_default() += count;
        }
        for (name, count) in &other.deeds {
            *self.deeds.entry(name).or_default() += count;
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let faults: u64 = self.faults.values().sum();
        writeln!(f, "{} runs, {} steps, {faults} faults", self.runs, self.steps)?;
        for (title, counts) in [("deeds", &self.deeds), ("faults", &self.faults)] {
            writeln!(f, "{title}")?;
            for (name, count) in counts {
                writeln!(f, "  {count:>12}  {name}")?;
            }
        }
        writeln!(f, "moves")?;
        let name = |state: Option<State>| state.map_or("no record", State::name);
        for (row, count) in LIFE.iter().zip(&self.moves) {
            writeln!(f, "  {count:>12}  {} -> {}", name(row.from), name(row.to))?;
        }
        Ok(())
    }
}

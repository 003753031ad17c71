//! What the core asks of a store: one record at a time, with compare-and-set (S39).

use super::Entry;
use crate::verify::ReplayKey;

/// An entry together with the version under which it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The entry.
    pub entry: Entry,
    /// Counts the writes of this record; from 1.
    pub version: u64,
}

/// An operation on the store. Each must be durable before its outcome is reported.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "the whole port")]
pub enum LedgerOp {
    /// Read one record; answered with [`LedgerOutcome::Found`].
    Read(ReplayKey),
    /// Write one record if it still has `expected` as its version (0: if there is none); answered with
    /// [`LedgerOutcome::Written`].
    Write {
        /// The entry, which knows its key and when it is due.
        entry: Entry,
        /// The version that it replaces.
        expected: u64,
    },
    /// Remove one record if it still has this version; answered with [`LedgerOutcome::Written`].
    Remove {
        /// The record.
        key: ReplayKey,
        /// Its version.
        expected: u64,
    },
}

/// What a store answers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "the whole port")]
pub enum LedgerOutcome {
    /// The record, where there is one.
    Found(Option<Stored>),
    /// Whether the record still had the expected version and is now replaced.
    Written(bool),
    /// The store could not be reached; whether a write happened is not known.
    Unreachable,
}

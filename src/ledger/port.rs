//! What the core asks of a store: one record at a time, with compare-and-set (S39).

use super::{Entry, Limits, Link, StoredLink};
use crate::verify::ReplayKey;

/// An entry together with the version under which it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The entry.
    pub entry: Entry,
    /// Another one after each write, never 0, and none twice for this key: a record that was removed and made anew is
    /// another one to whoever looked before.
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
    /// Insert one record that is served on credit, if no record has its key and the credit suffices; answered with
    /// [`LedgerOutcome::Written`] or [`LedgerOutcome::NoCredit`].
    Lend {
        /// The entry.
        entry: Entry,
        /// What must not be exceeded, the entry included.
        limits: Limits,
    },
    /// The same as `Write` for a link.
    Link {
        /// The link, which knows its key and when it is due.
        link: Link,
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
    /// Under this key there is a link.
    Linked(StoredLink),
    /// The record still had the expected version. It has this one now, or had it when it was removed.
    Written(u64),
    /// The record had another version, or was not there; nothing was written.
    Moved,
    /// It would be more than one of the limits, or this payer's check has bounced; nothing was written.
    NoCredit,
    /// The store could not be reached; whether a write happened is not known.
    Unreachable,
}

//! A payment's life as one table, for people and for the tests that hold code and documents to it.

use super::State::{self, Claimed, Failed, Granted, Settled, Settling, Unknown};

/// A move that a record can make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "a row of a table")]
pub struct Move {
    /// `None`: there is no record.
    pub from: Option<State>,
    /// `None`: the record is removed.
    pub to: Option<State>,
    /// What has to be so.
    pub guard: &'static str,
}

const fn row(from: Option<State>, to: Option<State>, guard: &'static str) -> Move {
    Move { from, to, guard }
}

/// Every move, and what has to be so before it is made. Each is one write with compare-and-set.
pub const LIFE: &[Move] = &[
    row(
        None,
        Some(Claimed),
        "every check passed, no record has this key, and credit suffices where it is served on credit",
    ),
    row(None, Some(Granted), "the same, at the office, where nothing stands between claim and grant"),
    row(
        Some(Claimed),
        None,
        "the handler failed; or the lease is over; or it settles first and its transfer would revert",
    ),
    row(Some(Claimed), Some(Claimed), "the lease is over, and the same payment came again"),
    row(Some(Claimed), Some(Granted), "the handler answered below 400"),
    row(Some(Claimed), Some(Settling), "it settles first; the transaction is signed, and not sent yet"),
    row(Some(Claimed), Some(Settled), "it settles first, and somebody else has made the exact transfer"),
    row(Some(Claimed), Some(Failed), "it settles first, and evidence shows that it can never move money"),
    row(Some(Granted), Some(Settling), "the transaction is signed, and not sent yet"),
    row(Some(Granted), Some(Settled), "somebody else has made the exact transfer; or the handler charged nothing"),
    row(Some(Granted), Some(Failed), "evidence shows that it can never move money"),
    row(Some(Granted), None, "nobody cashes here, and its time is over"),
    row(
        Some(Settling),
        Some(Settling),
        "the same bytes go out again; or another transaction is signed, at the same place for higher fees, or because the one before was reverted or its place was taken, deep enough",
    ),
    row(
        Some(Settling),
        Some(Settled),
        "the exact Transfer event lies deep enough; or a facilitator reports it, and no chain can be asked",
    ),
    row(
        Some(Settling),
        Some(Failed),
        "the nonce was cancelled or used otherwise, or is unused after validBefore, deep enough; or a facilitator refused it until its window was over, left no question without an answer, and no chain can be asked",
    ),
    row(Some(Settling), Some(Unknown), "nothing that can be relied on was answered"),
    row(
        Some(Settling),
        None,
        "it settles first, and its facilitator refused it, and left no question about it without an answer",
    ),
    row(Some(Unknown), Some(Settling), "the chain answers again, and the transaction is on its way or made anew"),
    row(
        Some(Unknown),
        Some(Settled),
        "the exact Transfer event lies deep enough; or a facilitator reports it, and no chain can be asked",
    ),
    row(
        Some(Unknown),
        Some(Failed),
        "the nonce was cancelled or used otherwise, or is unused after validBefore, deep enough",
    ),
    row(Some(Unknown), Some(Unknown), "nothing that can be relied on was answered"),
    row(
        Some(Settled),
        Some(Settled),
        "it settled first, and its ticket's bytes are fixed now; or a facilitator of ours is about to tell of its success",
    ),
    row(Some(Settled), None, "its time is over"),
    row(Some(Failed), None, "its time is over"),
];

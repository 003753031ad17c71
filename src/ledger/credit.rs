//! Serving before settling is credit (S45): what it is worth, and how much of it there may be.
//!
//! No counter is kept, so none can drift. What is outstanding is the sum over the records themselves, and the store
//! adds it up in the same atomic step that writes a new one.

use super::{Entry, State};
use crate::amount::Amount;

/// The most that is lent, in millionths of a unit, whatever the asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "the whole port")]
pub struct Limits {
    /// To one payer.
    pub payer: u64,
    /// To all of them.
    pub all: u64,
    /// To all of them since that second, what is settled by now included.
    pub window: Option<(u64, u64)>,
}

/// What a store knows of a record without reading it: the columns beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "the whole port")]
pub struct Facts {
    /// Where it is in its life.
    pub state: State,
    /// Its value in millionths of a unit, rounded up.
    pub worth: u64,
    /// When it was granted, or claimed where it is not; seconds since the epoch.
    pub since: u64,
    /// Whether it was served on credit.
    pub on_credit: bool,
}

/// JavaScript counts no further, and no limit is higher.
pub const MOST: u64 = (1 << 53) - 1;
/// Of the millionths.
pub const DECIMALS: u8 = 6;

/// An amount in millionths of a unit, rounded up, and at most [`MOST`].
#[must_use]
pub(super) fn worth(amount: Amount, decimals: u8) -> u64 {
    use alloc::string::ToString as _;
    let digits = amount.to_string();
    let surplus = usize::from(decimals.saturating_sub(DECIMALS));
    let (whole, cut) = digits.split_at_checked(digits.len().saturating_sub(surplus)).unwrap_or_default();
    let whole = if whole.is_empty() { 0 } else { whole.parse().unwrap_or(MOST) };
    let scale = 10_u64.saturating_pow(u32::from(DECIMALS.saturating_sub(decimals)));
    let remainder = u64::from(cut.bytes().any(|digit| digit != b'0'));
    whole.saturating_mul(scale).saturating_add(remainder).min(MOST)
}

impl Entry {
    /// What its store may know without reading it.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let since = self.grant.as_ref().map_or(self.claim.at, |grant| grant.at);
        Facts { state: self.state, worth: self.worth, since, on_credit: self.on_credit }
    }

    /// The check bounced, or would now: its ticket opens nothing where that is asked for (S47, S50).
    #[must_use]
    pub fn is_bounced(&self) -> bool {
        let doubtful = ["transaction_reverted", "simulation_reverts"];
        self.state == State::Failed
            || self.state != State::Settled && self.finding().is_some_and(|finding| doubtful.contains(&finding))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s45_an_amount_counts_in_millionths_rounded_up() {
        for (amount, decimals, millionths) in [
            ("0", 6, 0),
            ("10000", 6, 10_000),
            ("1", 2, 10_000),
            ("3", 0, 3_000_000),
            ("1", 18, 1),
            ("1000000000000", 18, 1),
            ("1000000000001", 18, 2),
            ("1500000000000000000", 18, 1_500_000),
            ("9007199254740991", 6, MOST),
            ("9007199254740992", 6, MOST),
        ] {
            assert_eq!(worth(Amount::from_decimal(amount).unwrap(), decimals), millionths, "{amount} {decimals}");
        }
        for decimals in [0, 6, 18, 36] {
            assert_eq!(worth(Amount::MAX, decimals), MOST, "{decimals}");
        }
    }
}

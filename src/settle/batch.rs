//! When a check waits for others to share a transaction with, and who may share one.

use super::config::read_wei;
use super::{Finding, RelayerConfigError};
use crate::authorization::Authorization;
use crate::json::Value;
use crate::ledger::{Entry, State, Stored};
use crate::seal::Seal;

/// How checks are cashed together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "the whole option")]
pub struct Batch {
    /// At most so many in one transaction; as soon as so many wait, they go.
    pub count: usize,
    /// For how many seconds a check waits for others, from its grant on.
    pub age: u64,
    /// Those that wait go at once while a gas costs no more than this, in wei, tip included.
    pub gas_price: Option<u64>,
}

/// What is due at the same time goes together, and nobody waits.
impl Default for Batch {
    fn default() -> Self {
        Self { count: 100, age: 0, gas_price: None }
    }
}

const MEMBERS: [&str; 3] = ["count", "age", "gasPrice"];
/// More do not fit into a transaction: nodes take 128 KiB, and blocks 2^24 gas.
const MOST: u64 = 150;
/// A check has to be cashed within its window, which is minutes.
const LONGEST: u64 = 3_600;
/// So long before its window closes a check waits no more, in seconds.
const LAST_CALL: u64 = 120;

impl Batch {
    /// Reads `{"count"?: 100, "age"?: 0, "gasPrice"?}`.
    pub(super) fn from_value(value: &Value) -> Result<Self, RelayerConfigError> {
        let read = || {
            let members = value.members()?;
            if !members.iter().all(|(name, _)| MEMBERS.contains(&name.as_str())) {
                return None;
            }
            let number = |name, otherwise| value.get(name).map_or(Some(otherwise), Value::as_u64);
            let count = number("count", 100).filter(|count| (1..=MOST).contains(count))?;
            let age = number("age", 0).filter(|age| *age <= LONGEST)?;
            let gas_price = match value.get("gasPrice") {
                None => None,
                Some(wei) => Some(wei.as_str().and_then(read_wei)?),
            };
            Some(Self { count: usize::try_from(count).ok()?, age, gas_price })
        };
        read().ok_or(RelayerConfigError::Batch)
    }

    /// When it waits no more, whatever gas costs.
    pub(super) fn departure(&self, entry: &Entry) -> u64 {
        if entry.settles_first() {
            // Somebody waits at the counter.
            return 0;
        }
        let since = entry.grant().map_or(entry.claim().at, |grant| grant.at);
        since.saturating_add(self.age).min(entry.authorization().deadline().saturating_sub(LAST_CALL))
    }

    /// Whether those who wait have waited long enough, or are enough.
    pub(super) fn is_full(&self, waiting: &[Stored], now: u64) -> bool {
        waiting.len() >= self.count || waiting.iter().any(|stored| self.departure(&stored.entry) <= now)
    }
}

/// Whether it can share a transaction with others.
///
/// Not so Permit2: it writes no event with the nonce, and among many transfers of one transaction nobody could say which
/// of two like checks was paid (S48); and two of its three forms mind who calls. Nor what a contract signed: its payer's
/// own code would run in the middle of it, and could burn the gas of all. And what was sent before and failed, or would
/// have reverted among others, goes alone: it spoils one transaction at most.
pub(super) fn may_share(entry: &Entry) -> bool {
    matches!(entry.authorization(), Authorization::Eip3009(_))
        && matches!(entry.seal(), Seal::Key(_))
        && entry.transaction().is_none()
        && entry.finding() != Some(Finding::WouldRevert.code())
        && (entry.state() == State::Granted || entry.settles_first() && !entry.state().is_final())
}

/// Whether it waits for others, or for the first time for us.
pub(super) fn is_waiting(entry: &Entry, now: u64) -> bool {
    entry.due_at().is_some_and(|due_at| due_at <= now) || entry.finding() == Some(Finding::WaitsForOthers.code())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    fn read(text: &str) -> Result<Batch, RelayerConfigError> {
        Batch::from_value(&parse(text).unwrap())
    }

    #[test]
    fn every_member_may_be_left_out() {
        assert_eq!(read("{}"), Ok(Batch::default()));
        let all = Batch { count: 150, age: 3_600, gas_price: Some(1) };
        assert_eq!(read(r#"{"count":150,"age":3600,"gasPrice":"1"}"#), Ok(all));
    }

    #[test]
    fn what_is_wrong_is_refused() {
        for text in [
            "1",
            "true",
            r#"{"count":0}"#,
            r#"{"count":151}"#,
            r#"{"age":3601}"#,
            r#"{"age":-1}"#,
            r#"{"gasPrice":1}"#,
            r#"{"gasPrice":"0"}"#,
            r#"{"size":1}"#,
        ] {
            assert_eq!(read(text), Err(RelayerConfigError::Batch), "{text}");
        }
    }
}

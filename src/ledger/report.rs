//! The operator's sums over a ledger: exact, whatever the amounts are (S11).

use super::State;
use crate::amount::Amount;
use crate::json::{Object, Value};
use alloc::string::String;

/// What a store counts of the records in one state, or of a part of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "the whole port")]
pub struct Tally {
    /// The state that they are in.
    pub state: State,
    /// How many.
    pub count: u64,
    /// What they are worth together, in millionths of a unit.
    pub worth: Amount,
    /// How much of that was served on credit.
    pub credit: Amount,
    /// When the oldest was granted, or claimed where it is not; seconds since the epoch.
    pub since: u64,
}

/// Served, and what became of the money is not known yet.
const OUTSTANDING: &[State] = &[State::Granted, State::Settling, State::Unknown];
/// What counts against the limits of credit.
const LENT: &[State] = &[State::Claimed, State::Granted, State::Settling, State::Unknown];

/// What is outstanding, settled, failed and unknown, how much is lent, and how old the oldest unsettled check is. `now`
/// in seconds since the epoch. Sums stop at the largest number that there is.
#[must_use]
pub fn report(tallies: &[Tally], now: u64) -> Value {
    let of = |states: &'static [State]| tallies.iter().filter(move |tally| states.contains(&tally.state));
    let part = |states| {
        let count = of(states).fold(0, |sum: u64, tally| sum.saturating_add(tally.count));
        let worth = of(states).fold(Amount::ZERO, |sum, tally| sum.saturating_add(tally.worth));
        Object::new().number("count", count).value("worth", in_units(worth).into()).end()
    };
    let lent = of(LENT).fold(Amount::ZERO, |sum, tally| sum.saturating_add(tally.credit));
    let oldest = of(OUTSTANDING).filter(|tally| tally.count > 0).map(|tally| tally.since).min();
    let oldest =
        oldest.map(|since| Object::new().number("since", since).number("seconds", now.saturating_sub(since)).end());
    Object::new()
        .value("outstanding", part(OUTSTANDING))
        .value("settled", part(&[State::Settled]))
        .value("failed", part(&[State::Failed]))
        .value("unknown", part(&[State::Unknown]))
        .value("creditInUse", in_units(lent).into())
        .value("oldestUnsettled", oldest.unwrap_or(Value::Null))
        .end()
}

/// Millionths as whole units with six digits behind the point, in every row of a report.
fn in_units(millionths: Amount) -> String {
    let text = millionths.to_units(super::DECIMALS);
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    [whole, ".", fraction, "000000".get(fraction.len()..).unwrap_or_default()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString as _;

    fn tally(state: State, count: u64, worth: Amount, since: u64) -> Tally {
        Tally { state, count, worth, credit: worth, since }
    }

    #[test]
    fn a_report_adds_up_the_parts_of_every_state() {
        let tallies = [
            tally(State::Claimed, 1, 1.into(), 5),
            tally(State::Granted, 2, 20_000.into(), 70),
            tally(State::Settling, 1, 10_000.into(), 60),
            tally(State::Unknown, 3, 1_500_000.into(), 90),
            Tally { credit: Amount::ZERO, ..tally(State::Unknown, 1, 2.into(), 80) },
            tally(State::Settled, 7, 5.into(), 1),
            tally(State::Failed, 1, 1_000_000.into(), 2),
        ];
        let expected = r#"{"outstanding":{"count":7,"worth":"1.530002"},"settled":{"count":7,"worth":"0.000005"},
            "failed":{"count":1,"worth":"1.000000"},"unknown":{"count":4,"worth":"1.500002"},
            "creditInUse":"1.530001","oldestUnsettled":{"since":60,"seconds":40}}"#;
        let expected: String = expected.split_whitespace().collect();
        assert_eq!(report(&tallies, 100).to_string(), expected);
    }

    #[test]
    fn s11_a_report_is_exact_above_what_a_float_holds_and_no_sum_breaks_it() {
        // As numbers of JavaScript these two would end in ….254740992 and ….254740994.
        let large = Amount::from((1 << 53) + 1);
        let exact = report(&[tally(State::Settled, 1, large, 1)], 2).to_string();
        assert!(exact.contains(r#""worth":"9007199254.740993""#), "{exact}");
        let most = tally(State::Granted, u64::MAX, Amount::MAX, u64::MAX);
        let full = report(&[most, most], 0).to_string();
        assert!(full.contains(&in_units(Amount::MAX)) && full.contains(r#""seconds":0"#), "{full}");
    }

    #[test]
    fn an_empty_ledger_has_a_report_too() {
        let empty = report(&[], 7).to_string();
        assert!(empty.ends_with(r#""creditInUse":"0.000000","oldestUnsettled":null}"#), "{empty}");
        // What a store counts to zero says nothing of when.
        assert_eq!(report(&[tally(State::Granted, 0, Amount::ZERO, 0)], 7).to_string(), empty);
    }
}

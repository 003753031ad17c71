//! What was spent, by quarter of an hour: a day's sum that neither grows with the payments nor forgets one early.

use super::cap::Cap;
use super::limit::OriginCap;
use super::record::{pair, write_list};
use crate::amount::Amount;
use crate::json::Value;
use alloc::string::ToString as _;
use alloc::vec::Vec;

/// In seconds.
const SPAN: u64 = 900;
const HOUR: u64 = 3_600;
const DAY: u64 = 86_400;

/// Sums in units of 18 decimals, whatever the asset (S55).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tally {
    /// The number of the quarter of an hour since the epoch, and what was spent in it.
    pub(super) spans: Vec<(u64, Amount)>,
    /// What was spent ever.
    pub(super) total: Amount,
}

impl Tally {
    /// Nothing was spent.
    pub(super) const EMPTY: Self = Self { spans: Vec::new(), total: Amount::ZERO };

    /// The quarters of an hour, for a record.
    pub(super) fn write_spans(&self) -> Value {
        write_list(&self.spans, |(span, spent)| pair((*span).into(), spent.to_string()))
    }

    /// Reads a total and what [`Self::write_spans`] wrote.
    pub(super) fn read(&mut self, total: &str, spans: &[Value]) -> Option<()> {
        self.total = Amount::from_decimal(total).ok()?;
        for span in spans {
            let [span, spent] = span.elements()? else { return None };
            self.spans.push((span.as_u64()?, Amount::from_decimal(spent.as_str()?).ok()?));
        }
        Some(())
    }

    /// Counts an amount as spent at this time.
    pub(super) fn add(&mut self, amount: Amount, at: u64) {
        self.spans.retain(|(span, _)| is_within(DAY, *span, at));
        self.total = self.total.saturating_add(amount);
        let now = span_of(at);
        match self.spans.iter_mut().find(|(span, _)| *span == now) {
            Some((_, sum)) => *sum = sum.saturating_add(amount),
            None => self.spans.push((now, amount)),
        }
    }

    /// Takes back what was added at this time and never left.
    pub(super) fn take_back(&mut self, amount: Amount, at: u64) {
        self.total = self.total.checked_sub(amount).unwrap_or(Amount::ZERO);
        for (_, sum) in self.spans.iter_mut().filter(|(span, _)| *span == span_of(at)) {
            *sum = sum.checked_sub(amount).unwrap_or(Amount::ZERO);
        }
    }

    /// What counts against a cap. What was spent in a time is rounded up by at most a quarter of an hour.
    pub(super) fn against(&self, cap: Cap, now: u64) -> Amount {
        match cap {
            Cap::PerHour | Cap::Origin(OriginCap::PerHour) => self.spent_within(HOUR, now),
            Cap::PerDay | Cap::Origin(OriginCap::PerDay) => self.spent_within(DAY, now),
            Cap::Total | Cap::Origin(OriginCap::Total) => self.total,
            Cap::PerPayment | Cap::Origin(OriginCap::PerPayment) | Cap::Request => Amount::ZERO,
        }
    }

    fn spent_within(&self, seconds: u64, now: u64) -> Amount {
        let counted = self.spans.iter().filter(|(span, _)| is_within(seconds, *span, now));
        counted.fold(Amount::ZERO, |sum, (_, spent)| sum.saturating_add(*spent))
    }
}

const fn span_of(at: u64) -> u64 {
    at.wrapping_div(SPAN)
}

/// Spans of the future count too: the clock was set back.
const fn is_within(seconds: u64, span: u64, now: u64) -> bool {
    span.saturating_add(1).saturating_mul(SPAN) > now.saturating_sub(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: u64 = 1_700_000_000;

    #[test]
    fn s55_a_day_is_remembered_and_then_forgotten() {
        let mut tally = Tally::EMPTY;
        tally.add(Amount::from(5), NOW);
        assert_eq!(tally.against(Cap::PerHour, NOW + HOUR), Amount::from(5));
        assert_eq!(tally.against(Cap::PerHour, NOW + HOUR + SPAN), Amount::ZERO);
        assert_eq!(tally.against(Cap::PerDay, NOW + DAY), Amount::from(5));
        assert_eq!(tally.against(Cap::PerDay, NOW + DAY + SPAN), Amount::ZERO);
        assert_eq!(tally.against(Cap::PerDay, NOW - DAY), Amount::from(5));
        tally.add(Amount::from(1), NOW + 2 * DAY);
        assert_eq!(tally.spans.len(), 1);
        assert_eq!(tally.total, Amount::from(6));
    }

    proptest! {
        #[test]
        fn s55_the_last_day_is_never_counted_too_low(mut spent in prop::collection::vec((0_u64..300_000, 1_u64..1000), 0..60)) {
            spent.sort_unstable();
            let mut tally = Tally::EMPTY;
            for (at, amount) in &spent {
                tally.add(Amount::from(*amount), NOW + at);
            }
            let now = NOW + spent.last().map_or(0, |(at, _)| *at);
            let exact: u64 = spent.iter().filter(|(at, _)| NOW + at > now - DAY).map(|(_, amount)| amount).sum();
            let rough: u64 = spent.iter().filter(|(at, _)| NOW + at + SPAN > now - DAY).map(|(_, amount)| amount).sum();
            prop_assert!(tally.against(Cap::PerDay, now) >= Amount::from(exact));
            prop_assert!(tally.against(Cap::PerDay, now) <= Amount::from(rough));
            prop_assert!(tally.spans.len() <= 98);
        }

        #[test]
        fn s62_what_is_taken_back_was_never_spent(amounts in prop::collection::vec(1_u64..1000, 1..20)) {
            let mut tally = Tally::EMPTY;
            tally.add(Amount::from(7), NOW);
            let before = tally.clone();
            for amount in &amounts {
                tally.add(Amount::from(*amount), NOW);
            }
            for amount in &amounts {
                tally.take_back(Amount::from(*amount), NOW);
            }
            prop_assert_eq!(tally, before);
        }
    }
}

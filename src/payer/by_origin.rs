//! What was spent at each origin, for caps of its own. The full build counts every origin, so that a cap which is given
//! later knows what was before.

use super::budget::Budget;
use super::cap::Cap;
use super::record::write_list;
use super::tally::Tally;
use crate::amount::Amount;
use crate::json::Value;
use alloc::borrow::ToOwned as _;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// Sums by origin, in units of 18 decimals.
#[derive(Clone, Debug)]
pub(super) struct ByOrigin {
    /// What was spent where nobody noted at which origin: it counts for each.
    unnamed: Tally,
    spent: Vec<(String, Tally)>,
}

/// A cap of this origin, how high it is, and what counts against it.
pub(super) struct OwnCap {
    pub(super) cap: Cap,
    pub(super) limit: Amount,
    pub(super) spent: Amount,
}

impl ByOrigin {
    /// Nothing was spent.
    pub(super) const EMPTY: Self = Self { unnamed: Tally::EMPTY, spent: Vec::new() };

    pub(super) fn add(&mut self, origin: &str, amount: Amount, at: u64) {
        let known = self.spent.iter_mut().find(|(counted, _)| counted == origin);
        if let Some((_, tally)) = known {
            return tally.add(amount, at);
        }
        let mut tally = Tally::EMPTY;
        tally.add(amount, at);
        self.spent.push((origin.to_owned(), tally));
    }

    pub(super) fn take_back(&mut self, origin: &str, amount: Amount, at: u64) {
        for (_, tally) in self.spent.iter_mut().filter(|(counted, _)| counted == origin) {
            tally.take_back(amount, at);
        }
    }

    /// What counts against a cap.
    fn against(&self, origin: &str, cap: Cap, now: u64) -> Amount {
        let own = self.spent.iter().find(|(counted, _)| counted == origin);
        let own = own.map_or(Amount::ZERO, |(_, tally)| tally.against(cap, now));
        self.unnamed.against(cap, now).saturating_add(own)
    }

    /// All of it, for a record.
    pub(super) fn write(&self) -> Value {
        let unnamed = (String::new(), self.unnamed.clone());
        let counted = [core::slice::from_ref(&unnamed), &self.spent].concat();
        write_list(&counted, |(origin, tally)| {
            Value::Array(Vec::from([origin.as_str().into(), tally.total.to_string().into(), tally.write_spans()]))
        })
    }

    /// Reads what [`Self::write`] wrote. A record without it comes from a lean payer or an older one, and may have been
    /// spent by it at any origin: never count too little.
    pub(super) fn read(record: Option<&[Value]>, all: &Tally) -> Option<Self> {
        let mut read = Self::EMPTY;
        let Some(list) = record else { return Some(Self { unnamed: all.clone(), ..read }) };
        for counted in list {
            let [origin, total, spans] = counted.elements()? else { return None };
            let mut tally = Tally::EMPTY;
            tally.read(total.as_str()?, spans.elements()?)?;
            match origin.as_str()? {
                "" => read.unnamed = tally,
                origin => read.spent.push((origin.to_owned(), tally)),
            }
        }
        Some(read)
    }
}

impl Budget {
    /// The caps of this origin; none in the lean build.
    pub(super) fn origin_caps(&self, origin: &str, now: u64) -> Vec<OwnCap> {
        let Some(by_origin) = &self.by_origin else { return Vec::new() };
        let limits = self.config.rules.as_ref().and_then(|rules| rules.get().caps_of(origin));
        let Some(limits) = limits else { return Vec::new() };
        let own = |(cap, limit): &(Cap, Amount)| OwnCap {
            cap: *cap,
            limit: *limit,
            spent: by_origin.get().against(origin, *cap, now),
        };
        limits.iter().map(own).collect()
    }

    /// The origins that have spent something.
    pub(super) fn counted_origins(&self) -> impl Iterator<Item = &str> {
        self.by_origin.iter().flat_map(|by_origin| &by_origin.get().spent).map(|(origin, _)| origin.as_str())
    }
}

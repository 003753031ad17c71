//! What is done with a due record without asking anybody: claims that were abandoned, records whose time is over, and
//! those that no settler here looks after because their gate was renamed or cashes nothing.

use super::Finding;
use super::decide::look_again_at;
use crate::ledger::{Entry, LedgerOp, State, Stored};

/// Why a due record is to be removed, where it is.
pub(super) fn is_to_go(entry: &Entry, now: u64) -> Option<Finding> {
    if entry.is_over(now) {
        Some(Finding::Forgotten)
    } else if entry.state() == State::Claimed && !entry.settles_first() {
        Some(Finding::Released)
    } else {
        None
    }
}

/// What is to be written for a due record that nobody here may cash. It waits longer and longer, up to an hour, so that
/// any number of them stand in nobody's way; an operator who brings its gate back has it cashed then.
#[must_use]
pub fn set_aside(stored: Stored, now: u64) -> (LedgerOp, Finding) {
    let Stored { entry, version: expected } = stored;
    if let Some(finding) = is_to_go(&entry, now) {
        return (LedgerOp::Remove { key: entry.key(), expected }, finding);
    }
    let due_at = look_again_at(&entry, Finding::NoSettler, now);
    let entry = entry.postponed(due_at).noted(Finding::NoSettler.code());
    (LedgerOp::Write { entry, expected }, Finding::NoSettler)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Grant;
    use crate::ledger::tests::{NOW, entry, ticket};

    #[test]
    fn s53_what_nobody_here_cashes_waits_longer_and_longer_up_to_an_hour() {
        let mut stored =
            Stored { entry: entry().granted(Grant { at: NOW, ticket: ticket() }, Some(NOW)).unwrap(), version: 7 };
        let mut waits = alloc::vec::Vec::new();
        for _ in 0..20 {
            let now = stored.entry.due_at().unwrap();
            let (LedgerOp::Write { entry, expected: 7 }, Finding::NoSettler) = set_aside(stored.clone(), now) else {
                panic!("not postponed")
            };
            assert_eq!((entry.state(), entry.finding()), (State::Granted, Some("no_settler")));
            waits.push(entry.due_at().unwrap() - now);
            stored.entry = entry;
        }
        assert!(waits.is_sorted());
        assert_eq!((waits[0], waits[1], waits[4], waits[19]), (1, 1, 8, 3_600));
    }

    #[test]
    fn s43_an_abandoned_claim_is_released_by_anybody() {
        let stored = Stored { entry: entry(), version: 1 };
        let key = stored.entry.key();
        assert_eq!(set_aside(stored, NOW + 60), (LedgerOp::Remove { key, expected: 1 }, Finding::Released));
    }
}

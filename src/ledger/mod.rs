//! A payment's life: claimed, granted, settling, settled, failed, unknown (S40).
//!
//! An [`Entry`] moves only along [`State::may_become`]. Each move returns the entry to store; storing it, with
//! compare-and-set, is what makes it true. Only then may the effect that it announces happen.
//!
//! [`LIFE`] is the table of all moves, each with its guard.

mod credit;
mod entry;
mod life;
mod link;
mod port;
mod record;
mod report;
mod retention;
mod state;

pub use credit::{DECIMALS, Facts, Limits, MOST};
pub use entry::{Claim, Entry, Evidence, Grant, Handover, Transaction};
pub use life::{LIFE, Move};
pub use link::{Link, Name, StoredLink};
pub use port::{LedgerOp, LedgerOutcome, Stored};
pub use record::RecordError;
pub use report::{Tally, report};
pub use state::{State, TransitionError};

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::asset::AssetTable;
    use crate::protocol::{Dialect, IssuedTicket, Method, OwnRequirement, PaymentRequirements, ReceivedPayment, Terms};
    use crate::signature::SecretKey;
    use crate::verify::{VerifiedPayment, verify};
    use crate::{address::Address, amount::Amount, authorization::eip3009::TransferAuthorization, network::Network};
    use alloc::string::ToString;

    pub(crate) const NOW: u64 = 1_700_000_000;

    /// A payment of one cent that passed every check.
    pub(crate) fn verified() -> VerifiedPayment {
        let asset = AssetTable::default().default_for(Network::from_chain_id(84532).unwrap()).unwrap();
        let key = SecretKey::from_bytes(&mut [0x46; 32]).unwrap();
        let requirements = PaymentRequirements {
            method: Method::Eip3009,
            network: asset.network,
            asset: asset.address,
            amount: Amount::from(10_000),
            pay_to: Address::from_bytes([0x22; 20]),
            max_timeout_seconds: 300,
            domain: None,
        };
        let authorization = TransferAuthorization {
            from: key.address(),
            to: requirements.pay_to,
            value: requirements.amount,
            valid_after: 0,
            valid_before: NOW + 300,
            nonce: [0x77; 32],
        };
        let signature = key.sign(&authorization.digest(&asset.domain()));
        let terms = Terms {
            method: Method::Eip3009,
            network: asset.network,
            asset: Some(asset.address),
            amount: None,
            pay_to: None,
            max_timeout_seconds: None,
            domain: None,
        };
        let own = [OwnRequirement { requirements, asset }];
        let dialect = Dialect::Mock;
        let (authorization, seal) = (authorization.into(), signature.into());
        verify(&ReceivedPayment { dialect, terms, authorization, seal }, &own, NOW, 600).unwrap()
    }

    pub(crate) fn entry() -> Entry {
        let claim = Claim { at: NOW, lease_until: NOW + 30 };
        Entry::claimed(&verified(), "https://cinema.example", "matinee", claim)
    }

    pub(crate) fn ticket() -> IssuedTicket {
        IssuedTicket { text: "a.b.c".to_string(), scope: Some("matinee".to_string()), expires_at: NOW + 900, id: None }
    }

    #[test]
    fn s40_the_table_of_moves_is_what_the_code_allows() {
        for from in State::ALL {
            for to in State::ALL {
                let listed = LIFE.iter().filter(|row| (row.from, row.to) == (Some(from), Some(to))).count();
                assert_eq!(usize::from(from.may_become(to)), listed, "{from:?} {to:?}");
            }
            assert_eq!(State::from_name(from.name()), Some(from));
        }
    }

    fn grant() -> Grant {
        Grant { at: NOW + 1, ticket: ticket() }
    }

    fn transaction() -> Transaction {
        Transaction { hash: [3; 32], raw: alloc::vec![2], nonce: 1, sent_at: NOW + 2 }
    }

    #[test]
    fn s43_what_is_served_first_is_neither_settled_nor_failed_before_it_is_granted() {
        let error = entry().failed(Evidence::Expired, NOW).unwrap_err();
        assert_eq!(error, TransitionError { from: State::Claimed, to: State::Failed });
        assert!(entry().settling(transaction(), NOW).is_err());
        assert!(entry().settled(transaction(), NOW).is_err());
        assert!(entry().granted(grant(), None).is_ok());
    }

    #[test]
    fn s40_what_is_settled_first_is_granted_once_and_only_after_that() {
        let claimed = entry().settled_first();
        assert_eq!(claimed.due_at(), Some(NOW), "its settler is waited for");
        assert!(claimed.clone().granted(grant(), None).is_err());
        assert!(claimed.clone().reclaim(*claimed.claim()).is_err());
        let settling = claimed.settling(transaction(), NOW).unwrap();
        assert!(settling.clone().granted(grant(), None).is_err());
        let settled = settling.settled(transaction(), NOW + 3).unwrap();
        let granted = settled.granted(grant(), Some(NOW)).unwrap();
        assert_eq!((granted.state(), granted.due_at()), (State::Settled, Some(granted.keep_until())));
        assert!(granted.clone().granted(grant(), None).is_err());
        assert!(granted.settled(transaction(), NOW).is_err());
    }

    #[test]
    fn s44_a_record_outlives_what_it_guards() {
        let kept = || entry().kept(100);
        // The window ends at NOW + 300, the ticket at NOW + 900.
        let settled = kept().granted(grant(), Some(NOW)).unwrap().settled(transaction(), NOW).unwrap();
        assert_eq!(settled.due_at(), Some(NOW + 1_000));
        assert!(!settled.is_over(NOW + 999) && settled.is_over(NOW + 1_000));
        let long = kept().on_credit().granted(grant(), Some(NOW)).unwrap();
        assert!(!long.is_over(u64::MAX), "an open check is never forgotten");
        let failed = long.failed(Evidence::Expired, NOW).unwrap();
        assert!(!failed.is_over(NOW + 1_000) && failed.is_over(NOW + 1_000 + 30 * 86_400));
        let unknown = kept().granted(grant(), Some(NOW)).unwrap().settling(transaction(), NOW).unwrap().unknown(NOW);
        assert!(!unknown.unwrap().is_over(u64::MAX));
        let uncashed = kept().granted(grant(), None).unwrap();
        assert_eq!(uncashed.due_at(), Some(NOW + 1_000), "where nobody cashes");
        assert!(!uncashed.is_over(NOW + 999) && uncashed.is_over(NOW + 1_000));
        let orphan = kept().granted(grant(), Some(NOW)).unwrap().postponed(NOW + 1_000);
        assert!(!orphan.is_over(u64::MAX), "a check that somebody may cash some day");
    }
}

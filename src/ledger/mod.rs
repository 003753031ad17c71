//! A payment's life: claimed, granted, settling, settled, failed, unknown (S40).
//!
//! An [`Entry`] moves only along [`State::may_become`]. Each move returns the entry to store; storing it, with
//! compare-and-set, is what makes it true. Only then may the effect that it announces happen.
//!
//! | state | meaning | next |
//! |---|---|---|
//! | claimed | every check passed, the key is ours, a lease runs while the handler works | granted, claimed anew, or released |
//! | granted | the ticket's bytes are fixed and given out | settling, settled, failed |
//! | settling | a transaction is signed and its hash stored, before it is sent | settling, settled, failed, unknown |
//! | settled | the exact transfer was seen on the chain | end |
//! | failed | evidence that this authorization can never move money | end |
//! | unknown | sent, and its outcome cannot be seen now | settling, settled, failed, unknown |

mod entry;
mod port;
mod record;
mod state;

pub use entry::{Claim, Entry, Evidence, Grant, Handover, Transaction};
pub use port::{LedgerOp, LedgerOutcome, Stored};
pub use record::RecordError;
pub use state::{State, TransitionError};

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::asset::AssetTable;
    use crate::protocol::{IssuedTicket, Method, OwnRequirement, PaymentRequirements, ReceivedPayment, Terms};
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
            asset: asset.address,
            amount: None,
            pay_to: None,
            max_timeout_seconds: None,
            domain: None,
        };
        let own = [OwnRequirement { requirements, asset }];
        verify(&ReceivedPayment { terms, authorization: authorization.into(), signature }, &own, NOW, 600).unwrap()
    }

    pub(crate) fn entry() -> Entry {
        let claim = Claim { at: NOW, lease_until: NOW + 30 };
        Entry::claimed(&verified(), "https://cinema.example", "matinee", claim)
    }

    pub(crate) fn ticket() -> IssuedTicket {
        IssuedTicket { text: "a.b.c".to_string(), scope: Some("matinee".to_string()), expires_at: NOW + 900, id: None }
    }

    #[test]
    fn s40_the_table_of_moves_is_this_one() {
        use State::{Claimed, Failed, Granted, Settled, Settling, Unknown};
        let allowed = [
            (Claimed, Claimed),
            (Claimed, Granted),
            (Granted, Settling),
            (Granted, Settled),
            (Granted, Failed),
            (Settling, Settling),
            (Settling, Settled),
            (Settling, Failed),
            (Settling, Unknown),
            (Unknown, Settling),
            (Unknown, Settled),
            (Unknown, Failed),
            (Unknown, Unknown),
        ];
        for from in State::ALL {
            for to in State::ALL {
                assert_eq!(from.may_become(to), allowed.contains(&(from, to)), "{from:?} {to:?}");
            }
            assert_eq!(State::from_name(from.name()), Some(from));
        }
    }

    #[test]
    fn s43_nothing_is_settled_or_failed_before_it_is_granted() {
        let error = entry().failed(Evidence::Expired, NOW).unwrap_err();
        assert_eq!(error, TransitionError { from: State::Claimed, to: State::Failed });
    }
}

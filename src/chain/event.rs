//! Events of the asset's contract: what proves that money moved, and what proves that it never will (S48, S49).

use crate::address::Address;
use crate::amount::Amount;
use crate::authorization::Authorization;
use alloc::vec::Vec;
use hex_literal::hex;

/// Transfer(address,address,uint256)
pub(crate) const TRANSFER: [u8; 32] = hex!("ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");
/// AuthorizationUsed(address,bytes32)
pub(crate) const AUTHORIZATION_USED: [u8; 32] =
    hex!("98de503528ee59b575ef0c0a2576a82497bfc029a5685b209e9ec333479b10a5");
/// AuthorizationCanceled(address,bytes32)
pub(crate) const AUTHORIZATION_CANCELED: [u8; 32] =
    hex!("1cdd46ff242716cdaa72d159d339a485b3438398348d68f09d7c8c0a59353d81");

/// One event in a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Log {
    /// The contract that says so; anybody can deploy one that says anything.
    pub(crate) contract: Address,
    pub(crate) topics: Vec<[u8; 32]>,
    pub(crate) data: Vec<u8>,
    pub(crate) block: u64,
    /// The hash of its transaction.
    pub(crate) transaction: [u8; 32],
}

impl Log {
    /// The asset moved exactly what was signed for.
    pub(crate) fn is_payment(&self, asset: Address, authorization: &Authorization) -> bool {
        self.moves(asset, authorization.payer(), authorization.payee(), authorization.amount())
    }

    /// The asset took this authorization, or another one of the same payer under the same nonce.
    pub(crate) fn is_use(&self, asset: Address, authorization: &Authorization) -> bool {
        self.is(asset, &[AUTHORIZATION_USED, authorization.payer().to_word(), *authorization.nonce()])
    }

    /// The payer withdrew it.
    pub(crate) fn is_cancellation(&self, asset: Address, authorization: &Authorization) -> bool {
        self.is(asset, &[AUTHORIZATION_CANCELED, authorization.payer().to_word(), *authorization.nonce()])
    }

    /// The asset moved this much from one to the other.
    pub(crate) fn moves(&self, asset: Address, from: Address, to: Address, amount: Amount) -> bool {
        self.is(asset, &[TRANSFER, from.to_word(), to.to_word()]) && self.data == amount.to_be_bytes()
    }

    fn is_transfer(&self, asset: Address) -> bool {
        self.contract == asset && self.topics.first() == Some(&TRANSFER)
    }

    fn is(&self, asset: Address, topics: &[[u8; 32]]) -> bool {
        self.contract == asset && self.topics == topics
    }
}

/// What somebody else's transaction did with the nonce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// It paid us.
    Payment,
    /// It moved other money: the payer signed the nonce twice.
    Diversion,
    /// The events do not tell.
    Unclear,
}

/// Reads the events of a transaction that we did not make. In one transaction many checks can be cashed, and a single
/// transfer must not pay for two; so it counts for the nonce that was used right before it, the order in which the
/// contracts of the field write them.
pub(crate) fn judge(logs: &[Log], asset: Address, authorization: &Authorization) -> Use {
    let after = logs.iter().skip_while(|log| !log.is_use(asset, authorization));
    let moved = after.clone().find(|log| log.is_transfer(asset));
    if moved.is_some_and(|log| log.is_payment(asset, authorization)) {
        Use::Payment
    } else if after.count() > 0 && !logs.iter().any(|log| log.is_payment(asset, authorization)) {
        Use::Diversion
    } else {
        Use::Unclear
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorization::eip3009::TransferAuthorization;
    use crate::keccak::keccak256;

    const ASSET: Address = Address::from_bytes([0xaa; 20]);

    fn authorization() -> Authorization {
        let transfer = TransferAuthorization {
            from: Address::from_bytes([1; 20]),
            to: Address::from_bytes([2; 20]),
            value: Amount::from(10_000),
            valid_after: 0,
            valid_before: 1,
            nonce: [7; 32],
        };
        transfer.into()
    }

    fn log(topics: &[[u8; 32]], data: &[u8]) -> Log {
        Log { contract: ASSET, topics: topics.to_vec(), data: data.to_vec(), block: 1, transaction: [9; 32] }
    }

    fn transfer(to: u8, value: u64) -> Log {
        let words = [[1; 20], [to; 20]].map(|bytes| Address::from_bytes(bytes).to_word());
        log(&[TRANSFER, words[0], words[1]], &Amount::from(value).to_be_bytes())
    }

    fn used(nonce: u8) -> Log {
        log(&[AUTHORIZATION_USED, authorization().payer().to_word(), [nonce; 32]], &[])
    }

    #[test]
    fn the_topics_are_those_of_the_written_events() {
        assert_eq!(TRANSFER, keccak256(&[b"Transfer(address,address,uint256)"]));
        assert_eq!(AUTHORIZATION_USED, keccak256(&[b"AuthorizationUsed(address,bytes32)"]));
        assert_eq!(AUTHORIZATION_CANCELED, keccak256(&[b"AuthorizationCanceled(address,bytes32)"]));
    }

    #[test]
    fn s48_only_the_exact_transfer_of_the_asset_is_a_payment() {
        let authorization = authorization();
        let good = transfer(2, 10_000);
        assert!(good.is_payment(ASSET, &authorization));
        let elsewhere = Log { contract: Address::from_bytes([0xbb; 20]), ..good.clone() };
        let mut other_payer = good.clone();
        other_payer.topics[1] = [3; 32];
        let mut longer = good.clone();
        longer.data.push(0);
        let mut unindexed = good.clone();
        unindexed.topics.pop();
        for bad in
            [elsewhere, transfer(3, 10_000), transfer(2, 9_999), transfer(2, 10_001), other_payer, longer, unindexed]
        {
            assert!(!bad.is_payment(ASSET, &authorization), "{bad:?}");
        }
    }

    #[test]
    fn s49_one_transfer_never_pays_for_two_nonces() {
        let judge = |logs: &[Log]| judge(logs, ASSET, &authorization());
        let (ours, theirs) = (transfer(2, 10_000), transfer(1, 10_000));
        assert_eq!(judge(&[used(7), ours.clone()]), Use::Payment);
        assert_eq!(judge(&[used(6), ours.clone(), used(7), ours.clone()]), Use::Payment);
        assert_eq!(judge(&[used(6), ours.clone(), used(7), theirs.clone()]), Use::Unclear);
        assert_eq!(judge(&[used(7), theirs.clone(), ours.clone()]), Use::Unclear);
        assert_eq!(judge(&[used(7), theirs.clone()]), Use::Diversion);
        assert_eq!(judge(&[used(7)]), Use::Diversion);
        assert_eq!(judge(&[used(6), ours.clone()]), Use::Unclear);
        assert_eq!(judge(&[theirs]), Use::Unclear);
        assert_eq!(judge(&[]), Use::Unclear);
    }
}

//! Payments that are almost good.

pub(super) mod permit2;
mod spelling;

use super::*;
use crate::asset::AssetTable;
use crate::authorization::eip3009::TransferAuthorization;
use crate::network::Network;
use crate::protocol::AssetDomain;
use crate::signature::{SecretKey, SignatureError};
use core::cell::Cell;
use proptest::prelude::*;

pub(super) const NOW: u64 = 1_700_000_000;
const TIMEOUT: u64 = 60;
pub(super) const SKEW: u64 = 600;
const PAYEE: Address = Address::from_bytes([0x22; 20]);

fn key(byte: u8) -> SecretKey {
    SecretKey::from_bytes(&mut [byte; 32]).unwrap()
}

fn own_on(chain_id: u64) -> OwnRequirement {
    let asset = AssetTable::default().default_for(Network::from_chain_id(chain_id).unwrap()).unwrap();
    let requirements = PaymentRequirements {
        method: Method::Eip3009,
        network: asset.network,
        asset: asset.address,
        amount: Amount::from(10_000),
        pay_to: PAYEE,
        max_timeout_seconds: TIMEOUT,
        domain: Some(AssetDomain::of(&asset)),
    };
    OwnRequirement { requirements, asset }
}

pub(super) fn own() -> OwnRequirement {
    own_on(84_532)
}

fn authorization() -> TransferAuthorization {
    TransferAuthorization {
        from: key(1).address(),
        to: PAYEE,
        value: Amount::from(10_000),
        valid_after: 0,
        valid_before: NOW + TIMEOUT,
        nonce: [7; 32],
    }
}

/// What a payer sends who states all terms of `own` and signs with `key`.
fn signed(own: &OwnRequirement, authorization: TransferAuthorization, key: &SecretKey) -> ReceivedPayment {
    let PaymentRequirements { method, network, asset, amount, pay_to, max_timeout_seconds, domain } =
        own.requirements.clone();
    let terms = Terms {
        method,
        network,
        asset: Some(asset),
        amount: Some(amount),
        pay_to: Some(pay_to),
        max_timeout_seconds: Some(max_timeout_seconds),
        domain,
    };
    let signature = key.sign(&authorization.digest(&own.asset.domain()));
    ReceivedPayment { dialect: Dialect::V2, terms, authorization: authorization.into(), seal: signature.into() }
}

pub(super) fn payment() -> ReceivedPayment {
    signed(&own(), authorization(), &key(1))
}

fn judged(payment: &ReceivedPayment) -> Result<Address, Refusal> {
    verify(payment, &[own()], NOW, SKEW).map(|verified| verified.payer())
}

/// The verdict on a payment with this window, properly signed, at `now`.
fn in_window(valid_after: u64, valid_before: u64, now: u64, skew: u64) -> Result<(), Refusal> {
    let payment = signed(&own(), TransferAuthorization { valid_after, valid_before, ..authorization() }, &key(1));
    verify(&payment, &[own()], now, skew).map(|_| ())
}

#[test]
fn s05_only_the_payers_own_key_pays() {
    assert_eq!(judged(&payment()), Ok(key(1).address()));
    // Recovery succeeds for all of these, with an address that is not `from`.
    assert_eq!(judged(&signed(&own(), authorization(), &key(2))), Err(Refusal::Signature));
    let foreign = TransferAuthorization { from: key(2).address(), ..authorization() };
    assert_eq!(judged(&signed(&own(), foreign, &key(1))), Err(Refusal::Signature));
    let nobody = TransferAuthorization { from: Address::ZERO, ..authorization() };
    assert_eq!(judged(&signed(&own(), nobody, &key(1))), Err(Refusal::Signature));
    let recovered_nobody = verify_with(&payment(), &[own()], NOW, SKEW, |_, _| Err::<Address, _>(SignatureError));
    assert_eq!(recovered_nobody, Err(Refusal::Signature));
}

#[test]
fn s05_every_field_is_signed() {
    let changes: [fn(&mut TransferAuthorization); 5] = [
        |signed| signed.from = key(2).address(),
        |signed| signed.valid_after += 1,
        |signed| signed.valid_before += 1,
        |signed| signed.nonce[0] ^= 1,
        |signed| signed.nonce[31] ^= 0x80,
    ];
    for (index, change) in changes.iter().enumerate() {
        let mut payment = payment();
        change(payment.authorization.transfer_mut());
        assert_eq!(judged(&payment), Err(Refusal::Signature), "{index}");
    }
}

#[test]
fn s07_s14_the_domain_is_that_of_our_table() {
    let changes: [fn(&mut Asset); 4] = [
        |asset| asset.name = "USD Coin".into(),
        |asset| asset.version = "1".into(),
        |asset| asset.network = Network::from_chain_id(8453).unwrap(),
        |asset| asset.address = Address::from_bytes([0x33; 20]),
    ];
    for (index, change) in changes.iter().enumerate() {
        let mut elsewhere = own();
        change(&mut elsewhere.asset);
        assert_eq!(judged(&signed(&elsewhere, authorization(), &key(1))), Err(Refusal::Signature), "{index}");
    }
}

#[test]
fn s14_terms_select_and_never_decide() {
    let changes: [fn(&mut Terms); 8] = [
        |terms| terms.network = Network::from_chain_id(8453).unwrap(),
        |terms| terms.asset = Some(Address::from_bytes([0x33; 20])),
        |terms| terms.amount = Some(Amount::from(9_999)),
        |terms| terms.amount = Some(Amount::from(10_001)),
        |terms| terms.pay_to = Some(Address::from_bytes([0x23; 20])),
        |terms| terms.max_timeout_seconds = Some(TIMEOUT + 1),
        |terms| terms.domain = Some(AssetDomain { name: "USD Coin".into(), version: "2".into() }),
        |terms| terms.domain = Some(AssetDomain { name: "USDC".into(), version: "1".into() }),
    ];
    for (index, change) in changes.iter().enumerate() {
        let mut payment = payment();
        change(&mut payment.terms);
        assert_eq!(judged(&payment), Err(Refusal::NoMatch), "{index}");
    }
    let mut silent = payment();
    silent.terms = Terms { amount: None, pay_to: None, max_timeout_seconds: None, domain: None, ..silent.terms };
    assert!(judged(&silent).is_ok());
    assert_eq!(verify(&payment(), &[], NOW, SKEW), Err(Refusal::NoMatch));
}

#[test]
fn s14_exactly_the_amount_to_exactly_the_payee() {
    for value in [0, 1, 9_999, 10_001, u64::MAX] {
        let other = TransferAuthorization { value: Amount::from(value), ..authorization() };
        assert_eq!(judged(&signed(&own(), other, &key(1))), Err(Refusal::Value), "{value}");
    }
    let most = TransferAuthorization { value: Amount::MAX, ..authorization() };
    assert_eq!(judged(&signed(&own(), most, &key(1))), Err(Refusal::Value));
    for to in [Address::ZERO, key(1).address(), own().asset.address] {
        let other = TransferAuthorization { to, ..authorization() };
        assert_eq!(judged(&signed(&own(), other, &key(1))), Err(Refusal::Recipient), "{to}");
    }
}

/// A cheap way to pay next to a dear one: what is signed must be the price of the one that the terms select.
#[test]
fn s14_the_cheap_offer_does_not_buy_the_dear_one() {
    let (cheap, mut dear) = (own(), own());
    dear.requirements.amount = Amount::from(50_000);
    let both = [cheap.clone(), dear.clone()];
    let dear_authorization = TransferAuthorization { value: Amount::from(50_000), ..authorization() };
    assert!(verify(&signed(&cheap, authorization(), &key(1)), &both, NOW, SKEW).is_ok());
    assert!(verify(&signed(&dear, dear_authorization, &key(1)), &both, NOW, SKEW).is_ok());
    assert_eq!(verify(&signed(&dear, authorization(), &key(1)), &both, NOW, SKEW), Err(Refusal::Value));
    let only_dear = verify(&signed(&cheap, authorization(), &key(1)), &[dear], NOW, SKEW);
    assert_eq!(only_dear, Err(Refusal::NoMatch));
}

#[test]
fn s16_every_bound_at_minus_one_zero_and_plus_one() {
    let good_end = NOW + TIMEOUT;
    assert_eq!(in_window(NOW - 1, good_end, NOW, 0), Ok(()));
    assert_eq!(in_window(NOW, good_end, NOW, 0), Err(Refusal::NotYetValid));
    assert_eq!(in_window(NOW + 1, good_end, NOW, 0), Err(Refusal::NotYetValid));

    assert_eq!(in_window(0, NOW + CASHING_MARGIN - 1, NOW, 0), Err(Refusal::Expired));
    assert_eq!(in_window(0, NOW + CASHING_MARGIN, NOW, 0), Ok(()));
    assert_eq!(in_window(0, NOW + CASHING_MARGIN + 1, NOW, 0), Ok(()));

    for skew in [0, 1, SKEW] {
        let last = NOW + TIMEOUT + skew;
        assert_eq!(in_window(0, last - 1, NOW, skew), Ok(()));
        assert_eq!(in_window(0, last, NOW, skew), Ok(()));
        assert_eq!(in_window(0, last + 1, NOW, skew), Err(Refusal::LivesTooLong));
    }
}

#[test]
fn s16_windows_that_never_open_and_clocks_at_their_ends() {
    for (after, before) in [(NOW - 1, NOW - 1), (NOW - 1, NOW - 2), (NOW + 10, NOW + 10), (NOW + 20, NOW + 10)] {
        assert!(in_window(after, before, NOW, SKEW).is_err(), "{after} {before}");
    }
    assert_eq!(in_window(0, u64::MAX, NOW, SKEW), Err(Refusal::LivesTooLong));
    assert_eq!(in_window(u64::MAX, u64::MAX, NOW, SKEW), Err(Refusal::NotYetValid));
    assert_eq!(in_window(0, TIMEOUT, 0, SKEW), Err(Refusal::NotYetValid));
    assert_eq!(in_window(0, 1, u64::MAX, SKEW), Err(Refusal::Expired));
}

/// The payer's clock is wrong by so many seconds; ours is right. A payer like ours signs from 0 on, one like the
/// reference from ten minutes before its own now; both until the price's timeout after it.
#[test]
fn s16_a_payers_clock_may_be_off_by_minutes() {
    let short = [
        (-600, Err(Refusal::Expired), Err(Refusal::Expired)),
        (-120, Err(Refusal::Expired), Err(Refusal::Expired)),
        (-30, Ok(()), Ok(())),
        (0, Ok(()), Ok(())),
        (30, Ok(()), Ok(())),
        (120, Ok(()), Ok(())),
        (599, Ok(()), Ok(())),
        // The patience ends where the reference's authorization begins.
        (600, Ok(()), Err(Refusal::NotYetValid)),
        (601, Err(Refusal::LivesTooLong), Err(Refusal::NotYetValid)),
    ];
    for (off, ours, of_the_reference) in short {
        let clock = NOW.checked_add_signed(off).unwrap();
        assert_eq!(in_window(0, clock + TIMEOUT, NOW, SKEW), ours, "{off}");
        assert_eq!(in_window(clock - 600, clock + TIMEOUT, NOW, SKEW), of_the_reference, "{off}");
    }
}

/// A route that gives its payers five minutes forgives clocks that are two minutes late.
#[test]
fn s16_a_longer_timeout_forgives_late_clocks() {
    let mut own = own();
    own.requirements.max_timeout_seconds = 300;
    for (off, expected) in [(-600, Err(Refusal::Expired)), (-120, Ok(())), (120, Ok(())), (600, Ok(()))] {
        let valid_before = NOW.checked_add_signed(off).unwrap() + 300;
        let payment = signed(&own, TransferAuthorization { valid_before, ..authorization() }, &key(1));
        let verdict = verify(&payment, core::slice::from_ref(&own), NOW, SKEW);
        assert_eq!(verdict.map(|_| ()), expected, "{off}");
    }
}

/// Counts recoveries. That there is never a second one is in the type: `recover` is an `FnOnce`.
fn recoveries(payment: &ReceivedPayment) -> (u32, Result<(), Refusal>) {
    let count = Cell::new(0);
    let verdict = verify_with(payment, &[own()], NOW, SKEW, |signature, digest| {
        count.set(count.get() + 1);
        signature.recover(digest)
    });
    (count.get(), verdict.map(|_| ()))
}

#[test]
fn s25_what_is_refused_early_costs_no_recovery() {
    let with = |change: fn(&mut ReceivedPayment)| {
        let mut payment = payment();
        change(&mut payment);
        recoveries(&payment)
    };
    assert_eq!(with(|payment| payment.terms.asset = Some(Address::ZERO)), (0, Err(Refusal::NoMatch)));
    assert_eq!(with(|payment| payment.authorization.transfer_mut().to = Address::ZERO), (0, Err(Refusal::Recipient)));
    assert_eq!(with(|payment| payment.authorization.transfer_mut().value = Amount::ZERO), (0, Err(Refusal::Value)));
    assert_eq!(with(|payment| payment.authorization.transfer_mut().valid_after = NOW), (0, Err(Refusal::NotYetValid)));
    assert_eq!(with(|payment| payment.authorization.transfer_mut().valid_before = NOW), (0, Err(Refusal::Expired)));
    assert_eq!(
        with(|payment| payment.authorization.transfer_mut().valid_before = u64::MAX),
        (0, Err(Refusal::LivesTooLong))
    );
    assert_eq!(with(|payment| payment.authorization.transfer_mut().nonce = [0; 32]), (1, Err(Refusal::Signature)));
    assert_eq!(recoveries(&payment()), (1, Ok(())));
}

proptest! {
    /// Equal exactly where chain, asset, payer and nonce are: nothing else that is signed or said takes part.
    #[test]
    fn s38_replay_keys_are_equal_where_signed_identities_are(
        one in (0_usize..3, 1_u8..3, 0_u8..3, 0_u64..3),
        other in (0_usize..3, 1_u8..3, 0_u8..3, 0_u64..3),
    ) {
        let replay_key = |(chain, payer, nonce, window): (usize, u8, u8, u64)| {
            let own = own_on([84_532, 8453, 1][chain]);
            let authorization = TransferAuthorization {
                from: key(payer).address(),
                nonce: [nonce; 32],
                valid_before: NOW + 10 + window,
                valid_after: window,
                ..authorization()
            };
            let payment = signed(&own, authorization, &key(payer));
            verify(&payment, &[own], NOW, SKEW).unwrap().replay_key()
        };
        let same = (one.0, one.1, one.2) == (other.0, other.1, other.2);
        prop_assert_eq!(replay_key(one) == replay_key(other), same);
    }
}

#[test]
fn s38_every_part_of_the_identity_counts() {
    let key_of = |own: &OwnRequirement| {
        let payment = signed(own, authorization(), &key(1));
        verify(&payment, core::slice::from_ref(own), NOW, SKEW).unwrap().replay_key()
    };
    let (mut elsewhere, mut other_asset) = (own(), own());
    elsewhere.asset.network = Network::from_chain_id(8453).unwrap();
    elsewhere.requirements.network = elsewhere.asset.network;
    other_asset.asset.address = Address::from_bytes([0x33; 20]);
    other_asset.requirements.asset = other_asset.asset.address;
    let keys = [key_of(&own()), key_of(&elsewhere), key_of(&other_asset)];
    assert!(keys[0] != keys[1] && keys[1] != keys[2] && keys[0] != keys[2]);
    assert_eq!(ReplayKey::from_bytes(*keys[0].as_bytes()), keys[0]);
}

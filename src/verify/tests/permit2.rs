//! Payments by Permit2 that are good, and almost good.

use super::{NOW, PAYEE, SKEW, TIMEOUT, key, own};
use crate::address::Address;
use crate::amount::Amount;
use crate::authorization::Authorization;
use crate::authorization::permit2::{Permit, Spender};
use crate::network::Network;
use crate::protocol::{Method, OwnRequirement, Permit2Refusal, ReceivedPayment, Refusal, Terms};
use crate::signature::SecretKey;
use crate::verify::verify;
use alloc::vec::Vec;

const FACILITATOR: Address = Address::from_bytes([0x33; 20]);
const METHODS: [Method; 3] = [Method::Permit2, Method::Upto { facilitator: FACILITATOR }, Method::PermitToPayee];

fn own_by(method: Method) -> OwnRequirement {
    let mut own = own();
    own.requirements.method = method;
    own.requirements.domain = None;
    own
}

fn permit(method: Method) -> Permit {
    match own_by(method).requirements.check(key(1).address(), [7; 32], NOW + TIMEOUT).unwrap() {
        Authorization::Permit2(permit) => permit,
        Authorization::Eip3009(_) => panic!("not a permit"),
    }
}

fn signed(own: &OwnRequirement, permit: Permit, key: &SecretKey) -> ReceivedPayment {
    let authorization = Authorization::from(permit);
    let wanted = &own.requirements;
    let terms = Terms {
        method: wanted.method,
        network: wanted.network,
        asset: Some(wanted.asset),
        amount: Some(wanted.amount),
        pay_to: Some(wanted.pay_to),
        max_timeout_seconds: Some(wanted.max_timeout_seconds),
        domain: None,
    };
    ReceivedPayment {
        dialect: crate::protocol::Dialect::V2,
        terms,
        authorization,
        seal: key.sign(&authorization.digest(&own.asset)).into(),
    }
}

/// One of x402's, and what it answers.
pub(in crate::verify) fn payment() -> (OwnRequirement, ReceivedPayment) {
    let own = own_by(Method::Permit2);
    let payment = signed(&own, permit(Method::Permit2), &key(1));
    (own, payment)
}

fn judged(method: Method, change: impl FnOnce(&mut Permit)) -> Result<Address, Refusal> {
    let (own, mut permit) = (own_by(method), permit(method));
    change(&mut permit);
    verify(&signed(&own, permit, &key(1)), &[own], NOW, SKEW).map(|verified| verified.payer())
}

fn refused(refusal: Permit2Refusal) -> Result<Address, Refusal> {
    Err(Refusal::Permit2(refusal))
}

#[test]
fn s05_every_form_is_verified_by_the_payers_key_alone() {
    for method in METHODS {
        assert_eq!(judged(method, |_| ()), Ok(key(1).address()), "{method:?}");
        assert_eq!(judged(method, |permit| permit.owner = key(2).address()), refused(Permit2Refusal::Signature));
        let own = own_by(method);
        let by_other = verify(&signed(&own, permit(method), &key(2)), &[own], NOW, SKEW);
        assert_eq!(by_other, Err(Refusal::Permit2(Permit2Refusal::Signature)));
    }
}

#[test]
fn s07_s14_chain_and_asset_are_ours() {
    let changes: [fn(&mut OwnRequirement); 2] = [
        |own| own.asset.network = Network::from_chain_id(8453).unwrap(),
        |own| own.asset.address = Address::from_bytes([0x33; 20]),
    ];
    for method in METHODS {
        for change in changes {
            let mut elsewhere = own_by(method);
            change(&mut elsewhere);
            let payment = signed(&elsewhere, permit(method), &key(1));
            let verdict = verify(&payment, &[own_by(method)], NOW, SKEW);
            assert_eq!(verdict, Err(Refusal::Permit2(Permit2Refusal::Signature)));
        }
    }
}

#[test]
fn s14_a_permit_pays_exactly_what_is_asked_to_whom_it_is_asked() {
    for method in METHODS {
        for value in [0, 9_999, 10_001] {
            let verdict = judged(method, |permit| permit.amount = Amount::from(value));
            assert_eq!(verdict, refused(Permit2Refusal::Value));
        }
        let verdict = judged(method, |permit| match &mut permit.spender {
            Spender::ExactProxy { to, .. } | Spender::UptoProxy { to, .. } | Spender::Payee(to) => *to = FACILITATOR,
        });
        assert_eq!(verdict, refused(Permit2Refusal::Recipient));
    }
    let other = Spender::UptoProxy { to: PAYEE, facilitator: PAYEE, valid_after: 0 };
    assert_eq!(judged(METHODS[1], |permit| permit.spender = other), refused(Permit2Refusal::Facilitator));
}

/// An exact price is never paid by a ceiling, nor by a permit that only somebody else can cash.
#[test]
fn s14_one_form_never_pays_for_another() {
    for wanted in METHODS {
        for other in METHODS.iter().filter(|other| **other != wanted) {
            let verdict = judged(wanted, |own| *own = permit(*other));
            assert_eq!(verdict, Err(Refusal::Scheme), "{wanted:?} {other:?}");
            let payment = signed(&own_by(*other), permit(*other), &key(1));
            assert_eq!(verify(&payment, &[own_by(wanted)], NOW, SKEW), Err(Refusal::NoMatch));
        }
        let payment = signed(&own_by(wanted), permit(wanted), &key(1));
        assert_eq!(verify(&payment, &[own()], NOW, SKEW), Err(Refusal::NoMatch));
    }
}

#[test]
fn s16_every_bound_of_a_permits_window() {
    for method in METHODS {
        let until = |deadline| judged(method, |permit| permit.deadline = deadline).map(|_| ());
        assert_eq!(until(NOW + 5), refused(Permit2Refusal::Expired).map(|_| ()));
        assert_eq!(until(NOW + 6), Ok(()));
        assert_eq!(until(NOW + TIMEOUT + SKEW), Ok(()));
        assert_eq!(until(NOW + TIMEOUT + SKEW + 1), Err(Refusal::LivesTooLong));
        assert_eq!(until(u64::MAX), Err(Refusal::LivesTooLong));
    }
    let from = |valid_after| {
        judged(Method::Permit2, |permit| permit.spender = Spender::ExactProxy { to: PAYEE, valid_after }).map(|_| ())
    };
    assert_eq!(from(NOW - 1), Ok(()));
    assert_eq!(from(NOW), refused(Permit2Refusal::NotYetValid).map(|_| ()));
}

#[test]
fn s38_one_nonce_is_one_payment_whatever_the_form_around_it() {
    let key_of = |method, nonce| {
        let (own, mut permit) = (own_by(method), permit(method));
        permit.nonce = [nonce; 32];
        verify(&signed(&own, permit, &key(1)), &[own], NOW, SKEW).unwrap().replay_key()
    };
    let keys: Vec<_> = METHODS.iter().map(|method| key_of(*method, 7)).collect();
    assert!(keys.iter().all(|one| *one == keys[0]), "Permit2 has one map of nonces for all of them");
    assert_ne!(key_of(Method::Permit2, 8), keys[0]);
    let mut other_asset = own_by(Method::Permit2);
    other_asset.asset.address = Address::from_bytes([0x44; 20]);
    other_asset.requirements.asset = other_asset.asset.address;
    let payment = signed(&other_asset, permit(Method::Permit2), &key(1));
    let other_key = verify(&payment, &[other_asset], NOW, SKEW).unwrap().replay_key();
    assert_eq!(other_key, keys[0], "and for all assets");
    let transfer = super::signed(&own(), super::authorization(), &key(1));
    assert_ne!(verify(&transfer, &[own()], NOW, SKEW).unwrap().replay_key(), keys[0], "another number space");
}

//! Payments through Permit2: only with the option, only with the owner's yes, for the exact amount.

use super::gate::{Gate, own};
use super::world::{World, get};
use crate::address::Address;
use crate::authorization::Authorization;
use crate::authorization::permit2::Spender;
use crate::payer::{Outcome, Send, Step};
use crate::protocol::{Dialect, Method, OwnRequirement, PaymentRequirements};
use alloc::vec::Vec;

const FILM: &str = "https://cinema.example/films/1";
const WITH_PERMIT2: &str = r#"{"networks":["eip155:84532"],"permit2":true}"#;
const FACILITATOR: Address = Address::from_bytes([0x33; 20]);

fn by(method: Method, dialect: Dialect) -> Gate {
    let OwnRequirement { requirements, mut asset } = own(10_000);
    if method == Method::PermitToPayee {
        asset.symbol = "USDT".into();
    }
    let requirements = PaymentRequirements { method, domain: None, ..requirements };
    Gate { accepts: Vec::from([OwnRequirement { requirements, asset }]), ..Gate::new(dialect) }
}

#[test]
fn s65_permit2_is_an_option() {
    for method in [Method::Permit2, Method::Upto { facilitator: FACILITATOR }] {
        let mut world = World::new(by(method, Dialect::V2));
        assert_eq!(world.get(FILM).code(), "permit2_not_allowed");
        assert_eq!((world.signatures, world.allowances.len()), (0, 0));
    }
}

#[test]
fn s65_every_form_is_paid_with_the_owners_yes() {
    for (method, dialect) in [
        (Method::Permit2, Dialect::V2),
        (Method::Upto { facilitator: FACILITATOR }, Dialect::V2),
        (Method::PermitToPayee, Dialect::Mock),
    ] {
        let mut world = World::with_options(by(method, dialect), WITH_PERMIT2);
        assert_eq!(world.get(FILM).status(), 200, "{method:?}");
        assert_eq!((world.signatures, world.gate.cashed.len()), (1, 1));
        assert_eq!(world.spent_today(), "0.01");
        let needed = &world.allowances[..];
        let text = |name| needed[0].get(name).unwrap().as_str().unwrap();
        assert_eq!((needed.len(), text("amount"), text("atomicAmount")), (1, "0.01", "10000"));
        assert_eq!(text("spender"), "0x000000000022D473030F116dDEE9F6B43aC78BA3");
        let data = needed[0].get("transaction").unwrap().get("data").unwrap().as_str().unwrap();
        // viem's encodeFunctionData for approve(Permit2, 10000).
        let expected = "0x095ea7b3\
            000000000000000000000000000000000022d473030f116ddee9f6b43ac78ba3\
            0000000000000000000000000000000000000000000000000000000000002710";
        assert_eq!(data, expected);
    }
}

#[test]
fn s65_without_the_owners_yes_nothing_is_signed_and_nothing_counts() {
    let mut world = World::with_options(by(Method::Permit2, Dialect::V2), WITH_PERMIT2);
    world.allows = false;
    assert_eq!(world.get(FILM).code(), "allowance_refused");
    assert_eq!((world.signatures, world.payments_sent()), (0, 0));
    assert_eq!(world.spent_today(), "0");
    world.allows = true;
    assert_eq!(world.get(FILM).status(), 200);
}

#[test]
fn s62_a_request_given_up_at_the_question_counts_nothing() {
    let mut world = World::with_options(by(Method::Permit2, Dialect::V2), WITH_PERMIT2);
    let mut running = world.begin(get(FILM));
    while !matches!(running.next_step(), Step::Allow(_)) {
        assert!(world.step(&mut running).is_none());
    }
    assert_eq!(world.spent_today(), "0.01");
    running.abandon(&mut world);
    assert_eq!(world.spent_today(), "0");
}

#[test]
fn s63_a_permit_whose_answer_is_lost_is_sent_again_after_a_restart() {
    let mut world = World::with_options(by(Method::Upto { facilitator: FACILITATOR }, Dialect::V2), WITH_PERMIT2);
    world.faults = (0..6).map(|_| super::world::Fault::LostAnswer).collect();
    assert_eq!(world.get(FILM).code(), "payment_outcome_unknown");
    world.crash();
    assert_eq!(world.get(FILM).status(), 200);
    assert_eq!((world.signatures, world.gate.cashed.len()), (1, 1));
}

#[test]
fn s54_the_permit_names_the_offers_facilitator() {
    let mut world = World::with_options(by(Method::Upto { facilitator: FACILITATOR }, Dialect::V2), WITH_PERMIT2);
    world.wallet = |payment| {
        let Authorization::Permit2(permit) = payment.authorization() else { return Outcome::Failed };
        assert!(matches!(permit.spender, Spender::UptoProxy { facilitator: FACILITATOR, valid_after: 0, .. }));
        Outcome::Failed
    };
    assert_eq!(world.get(FILM).code(), "wallet_refused");
}

#[test]
fn s07_the_payments_body_is_what_was_signed() {
    let mut world = World::with_options(by(Method::PermitToPayee, Dialect::Mock), WITH_PERMIT2);
    assert_eq!(world.get(FILM).status(), 200);
    let body = world.sent.iter().find_map(|send| match send {
        Send::Office { body, .. } => Some(body.clone()),
        _ => None,
    });
    let body = body.unwrap();
    assert!(body.contains(r#""permit_type":"Permit2""#) && !body.contains("validBefore"), "{body}");
}

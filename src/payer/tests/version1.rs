//! Paying at servers of x402 v1, and being told why not in whatever words.

use super::gate::{Gate, own};
use super::world::{End, Fault, World, get};
use crate::address::Address;
use crate::amount::Amount;
use crate::encoding::base64;
use crate::json::parse;
use crate::payer::full::IS_FULL;
use crate::payer::{Outcome, PayerError, ResponseHead, Send, Step};
use crate::protocol::Dialect;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

const FILM: &str = "https://cinema.example/films/1";

fn world() -> World {
    World::new(Gate { office: None, ..Gate::new(Dialect::V1) })
}

#[test]
fn a_server_of_version_1_is_paid_in_its_header_with_exactly_the_amount() {
    let mut world = world();
    assert_eq!(world.get(FILM).status(), 200);
    assert!(matches!(&world.sent[1], Send::Payment { name: "X-PAYMENT", url: None, .. }));
    assert_eq!((world.gate.income(), world.signatures), (10_000, 1));
    assert_eq!(world.spent_today(), "0.01");
}

#[test]
fn a_ticket_in_a_receipt_of_version_1_is_kept() {
    let mut world = World::new(Gate { office: None, ticket_in_receipt: true, ..Gate::new(Dialect::V1) });
    assert_eq!(world.get(FILM).status(), 200);
    assert_eq!(world.get(FILM).status(), 200);
    assert_eq!(world.signatures, 1);
}

#[test]
fn s63_a_lost_payment_of_version_1_is_sent_again_and_not_signed_again() {
    for fault in [Fault::LostRequest, Fault::LostAnswer, Fault::Status(503)] {
        let mut world = world();
        world.faults.push_back(fault);
        assert_eq!(world.get(FILM).status(), 200);
        assert_eq!((world.payments_sent(), world.signatures, world.gate.income()), (2, 1, 10_000));
    }
}

/// The budget, the pinned payee and the table of assets hold in every dialect.
#[test]
fn s54_s56_s57_an_offer_of_version_1_meets_the_same_limits() {
    let refused = |change: &dyn Fn(&mut Gate)| {
        let mut world = world();
        assert_eq!(world.get(FILM).status(), 200);
        change(&mut world.gate);
        let code = world.get(FILM).code();
        assert_eq!(world.signatures, 1, "{code}");
        code
    };
    assert_eq!(refused(&|gate| gate.accepts[0].requirements.amount = Amount::from(10_000_000)), "over_per_payment");
    assert_eq!(refused(&|gate| gate.accepts[0].requirements.pay_to = Address::from_bytes([0x33; 20])), "payee_changed");
    assert_eq!(refused(&|gate| gate.accepts[0].requirements.asset = Address::from_bytes([0x44; 20])), "unknown_asset");
    let renamed = |gate: &mut Gate| {
        let domain = gate.accepts[0].requirements.domain.as_mut().unwrap();
        domain.name = "USD Coin".into();
    };
    assert_eq!(refused(&renamed), "asset_mismatch");
}

fn turned_away(world: &World, change: impl FnOnce(&mut ResponseHead)) -> ResponseHead {
    let mut response = world.gate.turn_away(FILM, "payment_required");
    change(&mut response);
    response
}

fn paying_step(world: &mut World, response: ResponseHead) -> Step {
    let mut running = world.begin(get(FILM));
    running.resume_with(world, Outcome::Response(Box::new(response)));
    while !matches!(running.next_step(), Step::Send(Send::Payment { .. }) | Step::Done | Step::Fail { .. }) {
        assert!(world.step(&mut running).is_none());
    }
    running.next_step().clone()
}

/// The body of one and the header of the other: whoever knows v2 pays in v2.
#[test]
fn where_both_versions_are_offered_it_pays_in_version_2() {
    let mut world = world();
    let newer = Gate { office: None, ..Gate::new(Dialect::V2) }.turn_away(FILM, "x").challenge;
    let both = turned_away(&world, |response| response.challenge = newer);
    let step = paying_step(&mut world, both);
    assert!(matches!(step, Step::Send(Send::Payment { name: "PAYMENT-SIGNATURE", .. })), "{step:?}");
}

#[test]
fn a_broken_header_of_version_2_does_not_hide_a_body_of_version_1() {
    let mut world = world();
    let both = turned_away(&world, |response| response.challenge = Some("e30=".into()));
    let step = paying_step(&mut world, both);
    assert!(matches!(step, Step::Send(Send::Payment { name: "X-PAYMENT", .. })), "{step:?}");
}

#[test]
fn offers_of_version_1_that_it_cannot_express_are_left_out() {
    for (from, to) in [
        ("base-sepolia", "solana"),
        ("exact", "upto"),
        ("base-sepolia", "eip155:84532"),
        ("\"version\":", "\"assetTransferMethod\":\"permit2\",\"version\":"),
    ] {
        let mut world = world();
        let other =
            turned_away(&world, |response| response.body = Some(response.body.take().unwrap().replace(from, to)));
        let step = paying_step(&mut world, other);
        assert!(matches!(&step, Step::Fail { error, .. } if **error == PayerError::NoOffer), "{to}: {step:?}");
    }
}

/// The server asks again after it was paid, and gives this for the reason.
fn told(reason: impl Fn(&mut ResponseHead)) -> String {
    let mut world = world();
    let mut running = world.begin(get(FILM));
    while !matches!(running.next_step(), Step::Send(Send::Payment { .. })) {
        assert!(world.step(&mut running).is_none());
    }
    let again = turned_away(&world, |response| reason(response));
    let Step::Fail { error, .. } = running.resume_with(&mut world, Outcome::Response(Box::new(again))) else {
        panic!("it pays twice")
    };
    let PayerError::NotHonoured(told) = &**error else { panic!("{error:?}") };
    let told = told.clone();
    assert_eq!(world.signatures, 1);
    told
}

#[test]
fn to_a_full_payer_words_of_every_column_mean_our_codes_and_others_only_a_refusal() {
    let in_body = |word: &str| {
        told(|response| {
            let body = response.body.take().unwrap();
            assert!(body.contains("X-PAYMENT header is required"));
            response.body = Some(body.replace("X-PAYMENT header is required", word));
        })
    };
    for (word, code) in [
        ("invalid_exact_evm_payload_signature", "invalid_exact_evm_signature"),
        ("invalid_signature", "invalid_exact_evm_signature"),
        ("invalid_exact_evm_signature", "invalid_exact_evm_signature"),
        ("payment_expired", "invalid_exact_evm_payload_authorization_valid_before"),
        ("Unable to find matching payment requirements", "no_matching_payment_requirements"),
        ("insufficient_funds", "invalid_exact_evm_insufficient_balance"),
        ("Failed to settle payment", "Failed to settle payment"),
        ("settlement_pending", "settlement_pending"),
    ] {
        assert_eq!(in_body(word), if IS_FULL { code } else { word });
    }
}

/// The stock server's settlement failure: no challenge, and a receipt that says no.
#[test]
fn a_receipt_without_success_tells_the_reason() {
    for (receipt, code) in [
        (
            r#"{"success":false,"errorReason":"invalid_transaction_state","transaction":"","network":"x"}"#,
            if IS_FULL { "payment_failed" } else { "invalid_transaction_state" },
        ),
        (r#"{"success":false,"errorReason":"out_of_luck","transaction":"","network":"x"}"#, "out_of_luck"),
        (r#"{"success":false}"#, "402"),
    ] {
        let failed = |response: &mut ResponseHead| {
            response.body = Some("{}".to_string());
            response.receipt = Some(base64(receipt.as_bytes()));
        };
        assert_eq!(told(failed), code);
    }
}

#[test]
fn a_402_that_is_no_challenge_of_any_version_passes_untouched() {
    for body in [r#"{"x402Version":1}"#, r#"{"x402Version":2,"accepts":[]}"#, r#"{"accepts":[]}"#, "[]"] {
        let mut world = world();
        let odd = turned_away(&world, |response| response.body = Some(body.to_string()));
        assert_eq!(paying_step(&mut world, odd), Step::Done, "{body}");
    }
    assert!(parse(&world().gate.turn_away(FILM, "x").body.unwrap()).is_ok());
}

#[test]
fn the_offers_are_taken_in_the_servers_order() {
    let mut world = world();
    let dear = own(1_000_000);
    let elsewhere = |mut own: crate::protocol::OwnRequirement| {
        own.requirements.network = crate::network::Network::from_v1_name("base").unwrap();
        own
    };
    world.gate.accepts = Vec::from([elsewhere(dear), own(10_000)]);
    assert_eq!(world.get(FILM).status(), 200, "the first is on a network that is not allowed");
    assert_eq!(world.gate.income(), 10_000);
    let End::Answer(answer) = world.get(FILM) else { panic!() };
    assert_eq!(answer.url, format!("{}/films/1", super::gate::ORIGIN));
}

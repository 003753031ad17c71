//! Signing in where a ticket was lost, and paying where that does not help.

use super::gate::Gate;
use super::world::{End, World};
use crate::payer::{Outcome, PayerError};
use crate::protocol::Dialect;
use alloc::format;
use alloc::string::ToString as _;

const FILM: &str = "https://cinema.example/films/1";

fn world(sign_in: &str) -> World {
    let options = format!(r#"{{"networks":["eip155:84532"]{sign_in}}}"#);
    World::with_options(Gate { signs_in: true, ..Gate::new(Dialect::V2) }, &options)
}

/// Buys a ticket and loses it, as a store that was cut short would.
fn bought_and_lost(sign_in: &str) -> World {
    let mut world = world(sign_in);
    assert_eq!(world.get(FILM).status(), 200);
    let text = world.payer.tickets.held.iter().next().unwrap().text("ticket").unwrap().to_string();
    world.payer.tickets.drop_refused(&text);
    world
}

#[test]
fn a_lost_ticket_comes_back_for_a_signature_and_not_for_money() {
    let mut world = bought_and_lost("");
    assert_eq!((world.sign_ins, world.signatures), (0, 1), "who never paid here has no reason to sign in");
    assert_eq!(world.get(FILM).status(), 200);
    assert_eq!((world.sign_ins, world.signatures, world.gate.signed_in), (1, 1, 1));
    assert_eq!(world.get(FILM).status(), 200);
    assert_eq!((world.sign_ins, world.signatures, world.gate.signed_in), (1, 1, 1), "the ticket is kept");
}

#[test]
fn where_no_tickets_are_sold_the_key_that_paid_is_shown_the_next_time() {
    let gate = Gate { signs_in: true, ..Gate::without_office() };
    let mut world = World::with_options(gate, r#"{"networks":["eip155:84532"]}"#);
    assert_eq!(world.get(FILM).status(), 200);
    assert_eq!((world.sign_ins, world.signatures), (0, 1));
    world.crash();
    assert_eq!(world.get(FILM).status(), 200);
    assert_eq!((world.sign_ins, world.signatures, world.gate.signed_in), (1, 1, 1));
}

#[test]
fn a_sign_in_that_does_not_help_is_followed_by_one_payment() {
    let mut world = bought_and_lost("");
    world.gate.cashed.clear();
    assert_eq!(world.get(FILM).status(), 200);
    assert_eq!((world.sign_ins, world.signatures, world.gate.signed_in), (1, 2, 0));
}

#[test]
fn a_wallet_that_signs_no_texts_or_other_texts_pays() {
    for greets in
        [|_: &_| Outcome::Failed, |_: &_| Outcome::Signed("0x".to_string()), |_: &_| Outcome::Signed("00".repeat(65))]
    {
        let mut world = bought_and_lost("");
        world.greets = greets;
        assert_eq!(world.get(FILM).status(), 200);
        assert_eq!((world.sign_ins, world.signatures, world.gate.signed_in), (1, 2, 0));
    }
}

#[test]
fn its_owner_decides_when_to_sign_in() {
    let mut never = bought_and_lost(r#","signIn":"never""#);
    assert_eq!(never.get(FILM).status(), 200);
    assert_eq!((never.sign_ins, never.signatures), (0, 2));
    let mut always = world(r#","signIn":"always""#);
    assert_eq!(always.get(FILM).status(), 200);
    assert_eq!((always.sign_ins, always.signatures), (1, 1));
    let wrong = crate::json::parse(r#"{"networks":["eip155:84532"],"signIn":"sometimes"}"#).unwrap();
    let error = crate::payer::Payer::open(&wrong, super::world::key().address(), None).unwrap_err();
    assert!(matches!(*error, PayerError::InvalidOption { option: "signIn", .. }));
}

#[test]
fn s58_an_invitation_to_another_place_is_not_signed() {
    let mut world = bought_and_lost("");
    world.gate.invites_to = "https://theatre.example";
    assert_eq!(world.get(FILM).status(), 200);
    assert_eq!((world.sign_ins, world.signatures), (0, 2));
}

#[test]
fn where_the_proof_gets_no_answer_nothing_is_paid() {
    let mut world = bought_and_lost("");
    world.faults.push_back(super::world::Fault::LostRequest);
    assert_eq!(world.get(FILM), End::NetworkError);
    assert_eq!(world.signatures, 1);
}

//! What a person is told before a yes is what would be signed, and nothing happens yet.

use super::gate::{Gate, own};
use super::world::{World, get};
use crate::json::{Object, Value, parse};
use crate::payer::{Notice, ResponseHead, quote};
use crate::protocol::{Dialect, Method};
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

const FILM: &str = "https://cinema.example/films/1";

fn told(response: &ResponseHead) -> Value {
    quote(&Object::new().end(), response).unwrap().unwrap()
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str)
}

#[test]
fn s64_a_quote_is_what_would_be_signed() {
    for dialect in [Dialect::V2, Dialect::V1, Dialect::Mock] {
        let mut world = World::new(Gate::new(dialect));
        let told = told(&world.gate.turn_away(FILM, "payment_required"));
        let [offer] = told.get("offers").and_then(Value::elements).unwrap() else { panic!("one offer") };
        assert_eq!(world.fetch(get(FILM)).status(), 200);
        let Some(Notice::Payment(payment)) = world.notices.first() else { panic!("no notice") };
        for name in ["amount", "symbol", "asset", "network", "payTo"] {
            assert_eq!(text(offer, name), text(payment, name), "{dialect:?} {name}");
        }
        assert_eq!(text(offer, "networkName"), Some("base-sepolia"));
        assert_eq!(text(&told, "origin"), Some("https://cinema.example"));
    }
}

#[test]
fn a_quote_says_what_a_ticket_opens_and_for_how_long() {
    let told = told(&Gate::new(Dialect::V2).turn_away(FILM, "ticket_expired"));
    assert_eq!((text(&told, "scope"), told.get("ttl").and_then(Value::as_u64)), (Some("matinee"), Some(900)));
    assert_eq!(text(&told, "reason"), Some("ticket_expired"));
}

#[test]
fn s56_a_quote_leaves_out_what_cannot_be_told_in_units_or_needs_an_allowance() {
    let mut gate = Gate::new(Dialect::V2);
    let mut unknown = own(5);
    unknown.requirements.asset = unknown.requirements.pay_to;
    let mut permit = own(6);
    permit.requirements.method = Method::Permit2;
    gate.accepts = Vec::from([unknown, permit, own(20_000)]);
    let told = told(&gate.turn_away(FILM, "payment_required"));
    let amounts: Vec<Option<&str>> =
        told.get("offers").and_then(Value::elements).unwrap().iter().map(|offer| text(offer, "amount")).collect();
    assert_eq!(amounts, [Some("0.02")]);
}

#[test]
fn a_quote_refuses_what_a_payer_would_refuse() {
    let options = Object::new().end();
    let code = |response: &ResponseHead| quote(&options, response).unwrap_err().code();
    let gate = Gate::new(Dialect::V2);
    let asked = gate.turn_away(FILM, "payment_required");
    let plain = ResponseHead { url: "http://cinema.example/films/1".to_string(), ..asked.clone() };
    assert_eq!(code(&plain), "insecure_origin");
    let garbage = ResponseHead { challenge: Some("%".to_string()), body: Some(String::new()), ..asked.clone() };
    assert_eq!(code(&garbage), "unreadable_challenge");
    let foreign = Gate { office: Some("//thief.example/token".to_string()), ..gate };
    assert_eq!(code(&foreign.turn_away(FILM, "payment_required")), "foreign_office");
    assert_eq!(quote(&options, &ResponseHead { challenge: None, body: None, ..asked }), Ok(None));
    assert!(quote(&parse(r#"{"assets": "all"}"#).unwrap(), &plain).is_err());
}

//! What a server may say, and what the payer makes of it.

use super::gate::{Gate, own};
use super::world::{End, Fault, World, get, key};
use crate::address::Address;
use crate::json::parse;
use crate::network::Network;
use crate::payer::{Notice, Outcome, RequestHead, Send, Step};
use crate::protocol::{AssetDomain, Dialect};
use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

const FILM: &str = "https://cinema.example/films/1";

/// Neither signed nor sent anything.
fn kept_quiet(world: &World) -> bool {
    world.signatures == 0 && world.payments_sent() == 0 && world.spent_today() == "0"
}

#[test]
fn s54_the_chosen_offer_is_the_one_that_is_signed() {
    let mut world = World::new(Gate::without_office());
    let mut elsewhere = own(1);
    elsewhere.requirements.network = Network::from_chain_id(8453).unwrap();
    world.gate.accepts = Vec::from([elsewhere, own(100_001), own(20_000), own(10_000)]);
    assert_eq!(world.get(FILM).status(), 200);
    assert_eq!(world.gate.income(), 20_000, "the first that the budget allows, in the server's order");
    let Some(Notice::Payment(payment)) = world.notices.first() else { panic!("no notice") };
    let message = payment.get("typedData").unwrap().get("message").unwrap();
    assert_eq!(message.get("value").unwrap().as_str(), Some("20000"));
    assert_eq!(payment.get("amount").unwrap().as_str(), Some("0.02"), "S64");
    assert_eq!(payment.get("payTo").unwrap().as_str(), message.get("to").unwrap().as_str());
}

#[test]
fn s55_a_request_may_lower_the_cap_of_its_payment_and_never_raise_it() {
    let at_most = |text: &str| RequestHead { most: RequestHead::read_most(Some(&text.into())), ..get(FILM) };
    for (price, most, code) in [
        (10_000, "0.009999", "over_max_amount"),
        (10_000, "0", "over_max_amount"),
        (100_001, "5", "over_per_payment"),
        (10_000, "a cent", "over_max_amount"),
        (10_000, "", "over_max_amount"),
        (10_000, "-1", "over_max_amount"),
    ] {
        let mut world = World::new(Gate::new(Dialect::V2));
        world.gate.accepts = Vec::from([own(price)]);
        assert_eq!(world.fetch(at_most(most)).code(), code, "{price} {most}");
        assert!(kept_quiet(&world));
    }
    let mut world = World::new(Gate::new(Dialect::V2));
    world.gate.accepts = Vec::from([own(20_000), own(10_000)]);
    assert_eq!(world.fetch(at_most("0.01")).status(), 200);
    assert_eq!(world.gate.income(), 10_000, "the first that the request allows");
}

#[test]
fn s56_what_the_server_says_about_an_asset_changes_nothing() {
    for (name, version) in [("USD Coin", "2"), ("USDC", "1"), ("", "")] {
        let mut world = World::new(Gate::new(Dialect::V2));
        let domain = AssetDomain { name: name.to_string(), version: version.to_string() };
        world.gate.accepts[0].requirements.domain = Some(domain);
        assert_eq!(world.get(FILM).code(), "asset_mismatch");
        assert!(kept_quiet(&world));
    }
}

#[test]
fn s56_of_many_refused_offers_the_closest_is_named() {
    let mut world = World::new(Gate::new(Dialect::V2));
    let mut elsewhere = own(1);
    elsewhere.requirements.network = Network::from_chain_id(1).unwrap();
    world.gate.accepts = Vec::from([elsewhere, own(500_000)]);
    let End::Error(error) = world.get(FILM) else { panic!() };
    assert_eq!(error.to_string(), "This costs 0.5 and budget.perPayment leaves 0.1: raise it to pay.");
    world.gate.accepts.clear();
    assert_eq!(world.get(FILM).code(), "no_acceptable_offer");
    assert!(kept_quiet(&world));
}

#[test]
fn s57_a_changed_payee_is_refused() {
    let mut world = World::new(Gate::without_office());
    assert_eq!(world.get(FILM).status(), 200);
    world.gate.accepts[0].requirements.pay_to = Address::from_bytes([0x66; 20]);
    assert_eq!(world.get(FILM).code(), "payee_changed");
    world.crash();
    assert_eq!(world.get(FILM).code(), "payee_changed", "also after a restart");
    assert_eq!(world.signatures, 1);
}

#[test]
fn s58_no_payment_over_plain_http_except_on_this_machine() {
    for (origin, paid) in
        [("http://cinema.example", false), ("http://localhost:4020", true), ("http://127.0.0.1", true)]
    {
        let mut world = World::new(Gate { origin: origin.to_string(), ..Gate::new(Dialect::V2) });
        let end = world.get(&format!("{origin}/films/1"));
        if paid {
            assert_eq!(end.status(), 200, "{origin}");
        } else {
            assert_eq!(end.code(), "insecure_origin");
            assert!(kept_quiet(&world));
        }
    }
}

#[test]
fn s58_a_challenge_belongs_to_whoever_answered() {
    let mut world = World::new(Gate::without_office());
    let mut request = get("https://www.example/a");
    request.authorized = true;
    let mut running = world.begin(request);
    let mut redirected = world.gate.turn_away(FILM, "x");
    redirected.redirected = true;
    running.resume_with(&mut world, Outcome::Response(Box::new(redirected)));
    assert_eq!(running.next_step(), &Step::Lock("GET https://cinema.example/films/1".to_string()));
    while !matches!(running.next_step(), Step::Send(_)) {
        assert_eq!(world.step(&mut running), None);
    }
    let Step::Send(Send::Payment { url, strip_authorization, .. }) = running.next_step() else { panic!() };
    assert_eq!(url.as_deref(), Some(FILM), "the payment goes straight to the one that asked");
    assert!(strip_authorization, "and what was meant for the first origin stays there");
}

#[test]
fn s58_a_redirected_post_is_not_paid() {
    let mut world = World::new(Gate::new(Dialect::V2));
    let mut running = world.begin(RequestHead { method: "POST".to_string(), ..get("https://www.example/a") });
    let mut redirected = world.gate.turn_away(FILM, "x");
    redirected.redirected = true;
    let Step::Fail { error, .. } = running.resume_with(&mut world, Outcome::Response(Box::new(redirected))) else {
        panic!()
    };
    assert_eq!(error.code(), "redirected_challenge");
}

#[test]
fn s59_only_the_plain_request_follows_redirects() {
    let mut world = World::new(Gate::new(Dialect::V2));
    assert_eq!(world.get(FILM).status(), 200);
    world.gate.office = None;
    assert_eq!(world.get("https://cinema.example/premiere/1").status(), 200);
    let kinds: BTreeSet<&str> = world.sent.iter().map(kind).collect();
    assert_eq!(kinds.len(), 4);
    for send in &world.sent {
        assert_eq!(send.may_follow_redirects(), *send == Send::Plain);
    }
}

const fn kind(send: &Send) -> &'static str {
    match send {
        Send::Plain => "plain",
        Send::Ticket { .. } => "ticket",
        Send::Payment { .. } => "payment",
        Send::Office { .. } => "office",
    }
}

#[test]
fn s60_an_office_elsewhere_gets_nothing() {
    for dialect in [Dialect::V2, Dialect::Mock] {
        for endpoint in [
            "@evil.example/steal",
            "//evil.example/token",
            "/\\evil.example/token",
            "https://evil.example/token",
            "https://cinema.example@evil.example/token",
            "http://cinema.example/token",
            "javascript:alert(1)//",
        ] {
            let mut world = World::new(Gate { office: Some(endpoint.to_string()), ..Gate::new(dialect) });
            assert_eq!(world.get(FILM).code(), "foreign_office", "{endpoint}");
            assert!(kept_quiet(&world));
        }
    }
}

#[test]
fn s61_every_payment_has_its_own_nonce_and_none_without_randomness() {
    let mut world = World::new(Gate::without_office());
    for _ in 0..50 {
        assert_eq!(world.get(FILM).status(), 200);
    }
    assert_eq!(world.gate.cashed.len(), 50);
    world.randomness = false;
    assert_eq!(world.get(FILM).code(), "no_randomness");
    assert_eq!(world.signatures, 50);
}

#[test]
fn a_request_with_its_own_authorization_is_paid_at_the_resource() {
    let mut world = World::new(Gate::new(Dialect::V2));
    let mut request = get(FILM);
    request.authorized = true;
    assert_eq!(world.fetch(request.clone()).status(), 200);
    assert!(world.sent.iter().all(|send| !matches!(send, Send::Ticket { .. } | Send::Office { .. })));
    let mut world = World::new(Gate::new(Dialect::Mock));
    assert_eq!(world.fetch(request).code(), "authorization_in_use");
    assert!(kept_quiet(&world));
}

#[test]
fn a_body_that_is_gone_is_found_out_before_paying() {
    let mut world = World::new(Gate::new(Dialect::V2));
    let request = RequestHead { method: "POST".to_string(), replayable: false, ..get(FILM) };
    assert_eq!(world.fetch(request).code(), "body_not_replayable");
    assert!(kept_quiet(&world));
}

#[test]
fn a_broken_header_is_an_error_unless_the_body_can_be_read() {
    for (body, expected) in [(None, Some("unreadable_challenge")), (Some(()), None)] {
        let mut world = World::new(Gate::new(Dialect::Mock));
        let mut running = world.begin(get(FILM));
        let mut response = world.gate.turn_away(FILM, "x");
        response.challenge = Some("W10=".to_string());
        response.body = response.body.filter(|_| body.is_some());
        let step = running.resume_with(&mut world, Outcome::Response(Box::new(response)));
        match (step, expected) {
            (Step::Fail { error, .. }, Some(code)) => assert_eq!(error.code(), code),
            (step, None) => assert!(matches!(step, Step::Lock(_)), "{step:?}"),
            (step, _) => panic!("{step:?}"),
        }
    }
}

#[test]
fn s62_a_damaged_record_never_opens_as_an_empty_one() {
    let mut world = World::new(Gate::new(Dialect::V2));
    world.faults = [Fault::LostAnswer; 6].into();
    assert_eq!(world.get(FILM).code(), "payment_outcome_unknown");
    let record = world.saved.clone().unwrap();
    world.crash();
    assert_eq!(world.payer.to_record(), record);
    let options = parse(r#"{"networks":["eip155:84532"]}"#).unwrap();
    let open = |record: &str| crate::payer::Payer::open(&options, key().address(), Some(record));
    for damaged in
        [String::new(), "{}".to_string(), record.replace("\"v\":1", "\"v\":2"), record.replace("spans", "span")]
    {
        assert_eq!(open(&damaged).unwrap_err().code(), "damaged_state");
    }
}

//! What a server signs, and what the payer makes of it where its owner wants to know.

use super::NOW;
use super::gate::{Gate, own};
use super::notary::Notary;
use super::world::{World, key};
use crate::address::Address;
use crate::encoding::hex;
use crate::extension::offer_receipt::{Offer, Receipt, Statement as _};
use crate::json::{Value, parse};
use crate::payer::Notice;
use crate::protocol::Dialect;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

const FILM: &str = "https://cinema.example/films/1";
const ASKED: &str = r#"{"networks":["eip155:84532"],"offerReceipt":{}}"#;
const REQUIRED: &str = r#"{"networks":["eip155:84532"],"offerReceipt":{"required":true}}"#;
const UNASKED: &str = r#"{"networks":["eip155:84532"]}"#;

fn world(options: &str, notary: Notary) -> World {
    World::with_options(Gate { notary: Some(notary), ..Gate::without_office() }, options)
}

fn receipts(world: &World) -> Vec<&Value> {
    let mut receipts = Vec::new();
    for notice in &world.notices {
        if let Notice::Receipt(detail) = notice {
            receipts.push(detail);
        }
    }
    receipts
}

/// The code of the only receipt, or "ok".
fn judged(world: &World) -> &str {
    let [receipt] = receipts(world)[..] else { panic!("not one receipt: {:?}", world.notices) };
    let code = receipt.get("error").map_or("ok", |error| error.text("code").unwrap());
    assert_eq!(receipt.get("verified"), Some(&(code == "ok").into()));
    code
}

#[test]
fn a_signed_offer_is_paid_and_its_receipt_told_with_what_was_signed() {
    for gate in [Gate::without_office(), Gate::new(Dialect::V2)] {
        let mut world = World::with_options(Gate { notary: Some(Notary::honest()), ..gate }, REQUIRED);
        assert_eq!(world.get(FILM).status(), 200);
        assert_eq!(judged(&world), "ok");
        let told = receipts(&world)[0];
        let signer = Notary::honest().key().address();
        assert_eq!(told.text("signer"), Some(&*signer.to_string()));
        let (offer, by) = Offer::read_signed(told.get("offer").unwrap()).unwrap();
        assert_eq!((offer.resource_url.as_str(), by), (FILM, signer));
        let (receipt, by) = Receipt::read_signed(told.get("receipt").unwrap()).unwrap();
        assert_eq!((receipt.payer, by), (key().address().to_string(), signer));
    }
}

#[test]
fn an_offer_that_is_not_borne_out_is_not_paid() {
    for (code, notary) in [
        ("offer_mismatch", Notary { offer: |offer| offer.amount = "9999".into(), ..Notary::honest() }),
        ("offer_mismatch", Notary { offer: |offer| offer.pay_to = offer.asset.clone(), ..Notary::honest() }),
        ("offer_mismatch", Notary { offer: |offer| offer.asset = offer.pay_to.clone(), ..Notary::honest() }),
        ("offer_mismatch", Notary { offer: |offer| offer.network = "eip155:8453".into(), ..Notary::honest() }),
        ("offer_mismatch", Notary { offer: |offer| offer.scheme = "upto".into(), ..Notary::honest() }),
        ("offer_mismatch", Notary { offer: |offer| offer.resource_url.push('0'), ..Notary::honest() }),
        (
            "offer_mismatch",
            Notary { offer: |offer| offer.resource_url = "https://a/films/1".into(), ..Notary::honest() },
        ),
        ("offer_expired", Notary { offer: |offer| offer.valid_until = NOW - 1, ..Notary::honest() }),
        (
            "offer_signature_invalid",
            Notary { spoil: |text| text.replace("\"signature\":\"0x", "\"signature\":\"0y"), ..Notary::honest() },
        ),
        ("offer_not_signed", Notary { spoil: |text| text.replace("\"eip712\"", "\"jws\""), ..Notary::honest() }),
    ] {
        let mut strict = world(REQUIRED, notary);
        assert_eq!(strict.get(FILM).code(), code);
        assert_eq!((strict.signatures, strict.payments_sent()), (0, 0), "{code}");
    }
    for last in [|offer: &mut Offer| offer.valid_until = NOW, |offer: &mut Offer| offer.valid_until = 0] {
        assert_eq!(world(REQUIRED, Notary { offer: last, ..Notary::honest() }).get(FILM).status(), 200);
    }
}

#[test]
fn who_does_not_ask_pays_whatever_is_signed_and_who_asks_pays_what_is_not() {
    let forged = || Notary { offer: |offer| offer.amount = "9999".into(), ..Notary::honest() };
    assert_eq!(world(ASKED, forged()).get(FILM).code(), "offer_mismatch");
    let mut silent = world(UNASKED, forged());
    assert_eq!(silent.get(FILM).status(), 200);
    assert!(receipts(&silent).is_empty());
    for (options, code) in [(ASKED, None), (REQUIRED, Some("offer_not_signed"))] {
        for gate in [Gate::without_office(), Gate::new(Dialect::V1), Gate::new(Dialect::Mock)] {
            let mut unsigned = World::with_options(gate, options);
            let end = unsigned.get(FILM);
            match code {
                Some(code) => assert_eq!(end.code(), code),
                None => assert_eq!(end.status(), 200),
            }
            assert!(receipts(&unsigned).is_empty());
        }
    }
}

#[test]
fn of_several_offers_the_first_that_is_borne_out_is_paid() {
    let notary = Notary { offer: |offer| offer.amount = offer.amount.replace("20000", "2"), ..Notary::honest() };
    let mut world = world(ASKED, notary);
    world.gate.accepts = Vec::from([own(20_000), own(10_000)]);
    assert_eq!(world.get(FILM).status(), 200);
    assert_eq!(world.gate.income(), 10_000);
}

#[test]
fn s57_the_first_signer_is_pinned_and_a_list_counts_before_it() {
    let other = || Notary { key: 0x34, ..Notary::honest() };
    let mut pinned = world(ASKED, Notary::honest());
    assert_eq!(pinned.get(FILM).status(), 200);
    pinned.gate.notary = Some(other());
    assert_eq!(pinned.get("https://cinema.example/films/2").code(), "offer_signer_changed");
    pinned.crash();
    assert_eq!(pinned.get("https://cinema.example/films/2").code(), "offer_signer_changed", "a restart forgets nobody");

    let listed = |signer: Address| {
        format!(
            r#"{{"networks":["eip155:84532"],"offerReceipt":{{"signers":{{"https://cinema.example":["{signer}"]}}}}}}"#
        )
    };
    let honest = listed(Notary::honest().key().address());
    assert_eq!(world(&honest, Notary::honest()).get(FILM).status(), 200);
    assert_eq!(world(&honest, other()).get(FILM).code(), "offer_signer_changed");
}

#[test]
fn a_receipt_that_proves_nothing_is_told_as_such_and_the_film_is_shown() {
    for (code, notary) in [
        ("receipt_mismatch", Notary { receipt: |receipt| receipt.resource_url.push('0'), ..Notary::honest() }),
        ("receipt_mismatch", Notary { receipt: |receipt| receipt.network = "eip155:1".into(), ..Notary::honest() }),
        (
            "receipt_mismatch",
            Notary { receipt: |receipt| receipt.payer = Address::ZERO.to_string(), ..Notary::honest() },
        ),
        ("receipt_outdated", Notary { receipt: |receipt| receipt.issued_at -= 3_601, ..Notary::honest() }),
        ("receipt_outdated", Notary { receipt: |receipt| receipt.issued_at += 601, ..Notary::honest() }),
        (
            "receipt_signature_invalid",
            Notary { spoil: |text| text.replace("\"issuedAt\"", "\"issued\""), ..Notary::honest() },
        ),
        ("ok", Notary { receipt: |receipt| receipt.issued_at -= 3_600, ..Notary::honest() }),
        ("ok", Notary { receipt: |receipt| receipt.issued_at += 600, ..Notary::honest() }),
    ] {
        let mut world = world(ASKED, notary);
        assert_eq!(world.get(FILM).status(), 200);
        assert_eq!(judged(&world), code);
    }
    for (named, code) in [(String::new(), "ok"), (hex(&[7; 32]), "ok"), (hex(&[8; 32]), "receipt_mismatch")] {
        let notary = Notary { transaction: named, ..Notary::honest() };
        let mut world = world(ASKED, notary);
        world.gate.transaction = Some([7; 32]);
        assert_eq!(world.get(FILM).status(), 200);
        assert_eq!(judged(&world), code);
    }
    let silent = || Notary { is_generous: false, ..Notary::honest() };
    let mut strict = world(REQUIRED, silent());
    assert_eq!(strict.get(FILM).status(), 200);
    assert_eq!(judged(&strict), "receipt_not_signed");
    let mut asked = world(ASKED, silent());
    assert_eq!(asked.get(FILM).status(), 200);
    assert!(receipts(&asked).is_empty());
}

#[test]
fn s55_options_that_make_no_sense_are_errors() {
    for (option, code) in [
        (r#"true"#, "unknown_option"),
        (r#"{"require":true}"#, "unknown_option"),
        (r#"{"required":null}"#, "unknown_option"),
        (r#"{"required":1}"#, "invalid_option"),
        (r#"{"signers":{"https://cinema.example/":[]}}"#, "invalid_option"),
        (r#"{"signers":["0x209693Bc6afc0C5328bA36FaF03C514EF312287C"]}"#, "invalid_option"),
    ] {
        let options = parse(&format!(r#"{{"networks":["eip155:84532"],"offerReceipt":{option}}}"#)).unwrap();
        let error = crate::payer::Payer::open(&options, key().address(), None).unwrap_err();
        assert_eq!(error.code(), code, "{option}");
    }
}

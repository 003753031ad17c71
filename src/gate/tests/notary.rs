//! Signed offers and receipts: what they say, who can have them, and how many are made.

use super::*;
use crate::extension::offer_receipt::{Offer as SignedOffer, Receipt as SignedReceipt, Statement as _};
use crate::json::Object;

const SIGNS: &str = r#""offerReceipt": {"origin": "https://cinema.example", "key": "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d"},"#;
/// The account of that key.
const SIGNER: &str = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

fn world() -> World {
    World { options: SIGNS, ..World::new() }
}

/// The parts of a challenge that these tests look at.
struct Read {
    accepts: Vec<Value>,
    offers: Option<Vec<Value>>,
}

fn challenged(gate: &Gate, request: &Request, now: u64) -> Read {
    let Step::Respond(response) = gate.begin(request, now) else { panic!("no answer") };
    let (_, header) = response.headers.iter().find(|(name, _)| *name == v2::CHALLENGE_HEADER).unwrap();
    assert!(header.len() < 8_192, "{}", header.len());
    let document = v2::from_header(header, 16_384).unwrap();
    let entry = document.get("extensions").and_then(|extensions| extensions.get("offer-receipt"));
    let offers = entry.map(|entry| entry.get("info").unwrap().list("offers").unwrap().to_vec());
    Read { accepts: document.list("accepts").unwrap().to_vec(), offers }
}

fn offers(gate: &Gate, path: &str, now: u64) -> Vec<Value> {
    challenged(gate, &request("GET", path), now).offers.unwrap()
}

fn document(scope: &str, resource: &str) -> Value {
    let Value::Object(mut members) = v2::write_payment(&payment(scope, 1), None) else { panic!("no object") };
    members.push(("resource".into(), Object::new().text("url", resource).end()));
    Value::Object(members)
}

fn signed(header: &str) -> Option<SignedReceipt> {
    let entry = v2::read_receipt(header).unwrap().signed?;
    let (statement, signer) = SignedReceipt::read_signed(entry.get("info").unwrap().get("receipt").unwrap()).unwrap();
    assert_eq!(signer.to_string(), SIGNER);
    Some(statement)
}

fn receipt_at_office(body: &Value) -> SignedReceipt {
    let response = world().run(&at_office("matinee", body)).answer();
    signed(&response.headers.iter().find(|(name, _)| *name == v2::RECEIPT_HEADER).unwrap().1).unwrap()
}

#[test]
fn each_offer_is_signed_in_the_words_of_the_challenge_for_as_long_as_a_payment_is_good() {
    let challenge = challenged(&world().gate(), &request("GET", "/films/moon?seat=1"), NOW);
    let offers = challenge.offers.unwrap();
    assert_eq!(offers.len(), challenge.accepts.len());
    for (index, (signed, accepts)) in offers.iter().zip(&challenge.accepts).enumerate() {
        let (offer, signer) = SignedOffer::read_signed(signed).unwrap();
        assert_eq!(signer.to_string(), SIGNER);
        let expected = SignedOffer::of(accepts, "https://cinema.example/films/moon?seat=1", offer.valid_until);
        assert_eq!(Some(&offer), expected.as_ref());
        assert!((NOW + 300..=NOW + 360).contains(&offer.valid_until), "{}", offer.valid_until);
        assert_eq!(signed.number("acceptIndex"), u64::try_from(index).ok());
    }
}

#[test]
fn the_origin_is_the_operators_word_and_not_the_requests() {
    let strange = Request { url: "http://evil.example/films/moon#top".into(), ..request("GET", "/") };
    let challenge = challenged(&world().gate(), &strange, NOW);
    let (offer, _) = SignedOffer::read_signed(&challenge.offers.unwrap()[0]).unwrap();
    assert_eq!(offer.resource_url, "https://cinema.example/films/moon");
}

#[test]
fn s25_a_flood_of_requests_is_no_flood_of_signatures() {
    let gate = world().gate();
    let first = offers(&gate, "/films/moon", NOW);
    let round = NOW / 60 * 60;
    for later in round..round + 60 {
        assert_eq!(offers(&gate, "/films/moon", later), first, "the same for a minute");
    }
    assert_ne!(offers(&gate, "/films/moon", round + 60), first);
    // Whoever makes up a path for each request gets challenges, most of them unsigned.
    let strangers = |now| {
        (0..500).filter(|n| challenged(&gate, &request("GET", &format!("/films/{n}")), now).offers.is_some()).count()
    };
    assert_eq!(strangers(NOW + 100), 64);
    assert!(
        challenged(&gate, &request("GET", "/films/late"), NOW + 101).offers.is_some(),
        "a second later there are others"
    );
}

#[test]
fn an_url_that_would_not_fit_into_the_payments_header_twice_is_not_signed() {
    let gate = world().gate();
    let long = |length: usize| request("GET", &format!("/films/{}", "x".repeat(length)));
    assert!(challenged(&gate, &long(900), NOW).offers.is_some());
    assert!(challenged(&gate, &long(1_100), NOW).offers.is_none());
}

#[test]
fn a_receipt_names_what_was_bought_who_paid_and_when_and_is_the_same_every_time() {
    let mut world = world();
    let request = with("/films/moon?seat=1", "payment-signature", header("matinee", 1));
    let End::Delivered(Some((_, first))) = world.run(&request) else { panic!("not delivered") };
    let statement = SignedReceipt {
        network: "eip155:84532".into(),
        resource_url: "https://cinema.example/films/moon?seat=1".into(),
        payer: payment("matinee", 1).authorization.payer().to_string(),
        issued_at: NOW,
        transaction: String::new(),
    };
    assert_eq!(signed(&first), Some(statement));
    world.now += 30;
    let End::Admitted(admission) = world.run(&request) else { panic!("not admitted") };
    assert_eq!(admission.receipt.unwrap().1, first);
}

#[test]
fn s35_at_the_office_nobody_gets_a_receipt_for_what_it_did_not_pay_for() {
    let office = "https://cinema.example/token?scope=matinee";
    for (named, receipt) in [
        ("https://cinema.example/films/moon?seat=1", "https://cinema.example/films/moon?seat=1"),
        ("https://cinema.example/shorts/1", "https://cinema.example/shorts/1"),
        ("https://cinema.example/films/premiere", office),
        ("https://cinema.example/films//moon", office),
        ("https://cinema.example/", office),
        ("https://evil.example/films/moon", office),
        ("nonsense", office),
        (&format!("https://cinema.example/films/{}", "x".repeat(2_048)), office),
    ] {
        assert_eq!(receipt_at_office(&document("matinee", named)).resource_url, receipt, "{named}");
    }
    assert_eq!(receipt_at_office(&v2::write_payment(&payment("matinee", 1), None)).resource_url, office);
}

#[test]
fn whoever_was_told_of_no_extension_gets_none_back() {
    let response = world().run(&at_office("matinee", &mock::write_permit(&payment("matinee", 1)))).answer();
    let (_, header) = response.headers.iter().find(|(name, _)| *name == v2::RECEIPT_HEADER).unwrap();
    assert_eq!(signed(header), None);
    let End::Delivered(Some((_, header))) =
        World::new().run(&with("/films/moon", "payment-signature", super::header("matinee", 1)))
    else {
        panic!("not delivered")
    };
    assert_eq!(signed(&header), None, "a gate that signs nothing");
}

#[test]
fn s70_the_key_is_read_once_and_never_said() {
    let read = |options: &str| {
        let text = CONFIG.replacen('{', &format!("{{\"offerReceipt\": {options},"), 1);
        Gate::from_config(&parse(&text).unwrap()).err().unwrap().to_string()
    };
    let key = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
    for (options, complaint) in [
        (format!(r#"{{"origin": "https://a", "key": "{}"}}"#, &key[2..]), "offerReceipt.key"),
        (format!(r#"{{"origin": "https://a", "key": "{key}00"}}"#), "offerReceipt.key"),
        (format!(r#"{{"origin": "https://a", "key": "0x{}"}}"#, "00".repeat(32)), "offerReceipt.key"),
        (r#"{"origin": "https://a"}"#.into(), "offerReceipt.key"),
        (format!(r#"{{"key": "{key}"}}"#), "offerReceipt.origin"),
        (format!(r#"{{"origin": "https://a/", "key": "{key}"}}"#), "offerReceipt.origin"),
        (format!(r#"{{"origin": "https://a", "key": "{key}", "format": "jws"}}"#), "offerReceipt.format"),
    ] {
        let error = read(&options);
        assert!(error.contains(complaint) && !error.contains("59c6995e"), "{error}");
    }
}

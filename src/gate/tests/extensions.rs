//! The extensions: names of payments, signing in, and the echo.

use super::*;
use crate::extension::sign_in::{HEADER, Statement};
use crate::ledger::Name;

const NAMED: &str = r#""paymentIdentifier": "optional","#;
const NEEDS_NAME: &str = r#""paymentIdentifier": "required","#;
const SIGN_IN: &str =
    r#""seed": "0123456789abcdef01234567", "signIn": {"origin": "https://cinema.example", "statement": "Come in."},"#;

fn world(options: &'static str) -> World {
    World { options, ..World::new() }
}

/// The payment's document with these `extensions`.
fn extended(scope: &str, nonce: u8, extensions: &str) -> Value {
    let Value::Object(mut members) = v2::write_payment(&payment(scope, nonce), None) else { panic!("no object") };
    members.push(("extensions".into(), parse(extensions).unwrap()));
    Value::Object(members)
}

fn named(nonce: u8, name: &str) -> Value {
    extended("matinee", nonce, &format!(r#"{{"payment-identifier":{{"info":{{"required":false,"id":"{name}"}}}}}}"#))
}

fn paying(document: &Value) -> Request {
    with("/films/moon", "payment-signature", v2::to_header(document))
}

fn extensions_of(response: &Response) -> Value {
    let (_, header) = response.headers.iter().find(|(name, _)| *name == v2::CHALLENGE_HEADER).unwrap();
    v2::read_challenge(header).unwrap().extensions.unwrap()
}

const ID: &str = "pay_0123456789abcdef0123456789abcdef";

#[test]
fn s39_one_name_pays_once() {
    let mut world = world(NAMED);
    assert!(matches!(world.run(&paying(&named(1, ID))), End::Delivered(Some(_))));
    let again = world.run(&paying(&named(1, ID)));
    assert!(matches!(again, End::Admitted(_)), "the same payment, the same answer: {again:?}");
    let conflict = (409, "payment_identifier_conflict".to_string());
    assert_eq!(world.run(&paying(&named(2, ID))).code(), conflict);
    assert_eq!(world.run(&at_office("matinee", &named(3, ID))).code(), conflict);
    assert!(matches!(world.run(&paying(&named(2, "another_name_0123"))), End::Delivered(Some(_))));
    assert_eq!(world.entries().count(), 2);
}

#[test]
fn a_name_is_tied_before_the_payment_is_claimed_and_a_crash_between_the_two_loses_nothing() {
    let mut world = world(NAMED);
    let request = paying(&named(1, ID));
    let mut step = world.begin(&request);
    while !matches!(&step, Step::Need(Effect::Ledger(LedgerOp::Write { .. }), _)) {
        step = world.advance(step, &request).expect_err("an end");
    }
    drop(step);
    assert_eq!((world.records.len(), world.entries().count()), (1, 0), "a link, and no payment");
    assert_eq!(world.run(&paying(&named(2, ID))).code().1, "payment_identifier_conflict");
    assert!(matches!(world.run(&request), End::Delivered(Some(_))));
}

#[test]
fn a_tie_is_kept_as_long_as_its_payment_and_forgotten_then() {
    let mut world = world(NAMED);
    world.run(&paying(&named(1, ID)));
    let key = Name::Identifier(ID).key("https://cinema.example");
    let link = Link::from_record(&world.records[&key].0).unwrap();
    assert_eq!(link.to, world.only_entry().key());
    assert_eq!(link.due_at, world.only_entry().keep_until());
}

#[test]
fn s51_an_unreachable_ledger_ties_nothing_and_grants_nothing() {
    let mut world = World { loses_answers: true, ..world(NAMED) };
    assert_eq!(world.run(&paying(&named(1, ID))).code(), (503, "ledger_unreachable".into()));
    assert_eq!(world.handled, 0);
}

#[test]
fn what_is_no_name_is_refused_and_where_one_is_needed_its_absence_too() {
    for (options, extensions, refused) in [
        (NAMED, r#"{"payment-identifier":{"info":{"required":false,"id":"short"}}}"#, "invalid_payment_identifier"),
        (NAMED, r#"{"payment-identifier":{"info":{"required":false,"id":7}}}"#, "invalid_payment_identifier"),
        (NEEDS_NAME, r#"{"payment-identifier":{"info":{"required":true}}}"#, "payment_identifier_required"),
        (NEEDS_NAME, "{}", "payment_identifier_required"),
    ] {
        let document = extended("matinee", 1, extensions);
        assert_eq!(world(options).run(&paying(&document)).code(), (400, refused.into()), "{extensions}");
        assert_eq!(world(options).run(&at_office("matinee", &document)).code(), (400, refused.into()), "{extensions}");
    }
    let unnamed = extended("matinee", 1, "{}");
    assert!(matches!(world(NAMED).run(&paying(&unnamed)), End::Delivered(_)));
    // Whoever does not speak version 2 was never asked for one.
    world(NEEDS_NAME).run(&at_office("matinee", &mock::write_permit(&payment("matinee", 1)))).ticket();
}

#[test]
fn what_we_said_comes_back_as_we_said_it_and_what_others_say_is_theirs() {
    let said = |world: &mut World| extensions_of(&world.run(&request("GET", "/films/moon")).answer());
    let options = r#""paymentIdentifier": "optional", "seed": "0123456789abcdef01234567", "signIn": {"origin": "https://cinema.example", "statement": "Come in."},"#;
    let good = said(&mut world(options)).to_string();
    for (from, to) in [
        ("\"required\":false", "\"required\":true"),
        ("\"info\":{\"required\"", "\"inf\":{\"required\""),
        ("Come in.", "Go away."),
        ("\"domain\":\"cinema", "\"domain\":\"theatre"),
        ("\"ttl\":600", "\"ttl\":601"),
        ("/token", "/elsewhere"),
    ] {
        assert!(good.contains(from), "{from} in {good}");
        let changed = extended("matinee", 1, &good.replacen(from, to, 1));
        assert_eq!(world(options).run(&paying(&changed)).code(), (402, "extension_echo_mismatch".into()), "{to}");
    }
    let fresh = |name: &str| format!("\"{name}\":\"x");
    for more in [
        good.clone(),
        good.replace("\"nonce\":\"", &fresh("nonce")).replace("\"issuedAt\":\"", &fresh("issuedAt")),
        good.replace("\"info\":{", "\"info\":{\"mine\":1,"),
        good.replacen('{', "{\"theirs\":[],", 1),
        "{}".into(),
    ] {
        let end = world(options).run(&paying(&extended("matinee", 1, &more)));
        assert!(matches!(end, End::Delivered(_)), "{more} {end:?}");
    }
}

/// Asks for an invitation and signs it with this key.
pub(super) fn proof(world: &mut World, path: &'static str, key: u8) -> Request {
    let extensions = extensions_of(&world.run(&request("GET", path)).answer());
    let statement = Statement::invited(&extensions, "https://cinema.example").unwrap();
    let key = SecretKey::from_bytes(&mut [key; 32]).unwrap();
    let signature = key.sign(&statement.digest(key.address()));
    assert_eq!(HEADER.to_lowercase(), "sign-in-with-x");
    with(path, "sign-in-with-x", statement.to_header(key.address(), &signature))
}

#[test]
fn s41_whoever_lost_its_ticket_signs_in_and_has_it_back() {
    let mut world = world(SIGN_IN);
    let ticket = world.run(&at_office("matinee", &v2::write_payment(&payment("matinee", 1), None))).ticket();
    let request = proof(&mut world, "/shorts/other", 0x46);
    let End::Admitted(admission) = world.run(&request) else { panic!("not admitted") };
    let receipt = v2::read_receipt(&admission.receipt.unwrap().1).unwrap();
    assert_eq!(receipt.ticket.unwrap().text, ticket, "the very bytes");
    assert_eq!(admission.route, "GET /shorts/:id");
    assert!(admission.ticket.unwrap().payer.is_some());
    assert_eq!(world.run(&request).code(), (402, "invalid_siwx_nonce".into()), "a proof is good for once");
}

#[test]
fn s35_a_sign_in_opens_what_was_paid_for_and_nothing_else() {
    let mut world = world(SIGN_IN);
    let stranger = proof(&mut world, "/films/moon", 0x46);
    assert_eq!(world.run(&stranger).code(), (402, "sign_in_without_payment".into()));
    assert!(world.records.is_empty(), "strangers fill no ledger");
    world.run(&paying(&v2::write_payment(&payment("matinee", 1), None)));
    for (path, key) in [("/films/premiere", 0x46), ("/films/moon", 0x47)] {
        let request = proof(&mut world, path, key);
        assert_eq!(world.run(&request).code(), (402, "sign_in_without_payment".into()), "{path}");
    }
    let late = proof(&mut world, "/films/moon", 0x46);
    world.now += 301;
    assert_eq!(world.run(&late).code(), (402, "invalid_siwx_issued_at_too_old".into()));
    world.now += 600;
    let expired = proof(&mut world, "/films/moon", 0x46);
    assert_eq!(world.run(&expired).code(), (402, "sign_in_without_payment".into()));
}

#[test]
fn s50_a_sign_in_for_a_payment_that_bounced_opens_nothing() {
    let mut world = world(SIGN_IN);
    world.run(&paying(&v2::write_payment(&payment("matinee", 1), None)));
    let bounced = world.only_entry().failed(crate::ledger::Evidence::Cancelled, NOW).unwrap();
    world.records.insert(bounced.key(), (bounced.to_record(), 9));
    let request = proof(&mut world, "/films/moon", 0x46);
    assert_eq!(world.run(&request).code(), (402, "sign_in_without_payment".into()));
}

#[test]
fn the_last_payment_counts_and_an_old_one_that_comes_again_does_not_replace_it() {
    let mut world = world(SIGN_IN);
    let buy = |world: &mut World, nonce| {
        world.run(&at_office("matinee", &v2::write_payment(&payment("matinee", nonce), None))).ticket()
    };
    let first = buy(&mut world, 1);
    world.now += 10;
    let second = buy(&mut world, 2);
    assert_ne!(first, second);
    assert_eq!(buy(&mut world, 1), first);
    let request = proof(&mut world, "/films/moon", 0x46);
    let End::Admitted(admission) = world.run(&request) else { panic!("not admitted") };
    assert_eq!(v2::read_receipt(&admission.receipt.unwrap().1).unwrap().ticket.unwrap().text, second);
}

#[test]
fn no_two_invitations_share_a_nonce_and_who_pays_per_use_is_not_invited() {
    let gate = world(SIGN_IN).gate();
    let nonces: alloc::collections::BTreeSet<_> = (0..100)
        .map(|_| {
            let Step::Respond(response) = gate.begin(&request("GET", "/films/moon"), NOW) else { panic!("no answer") };
            let extensions = extensions_of(&response);
            extensions.get("sign-in-with-x").unwrap().get("info").unwrap().owned("nonce").unwrap()
        })
        .collect();
    assert_eq!(nonces.len(), 100);
    assert!(nonces.iter().all(|nonce| nonce.len() == 32));
    let Step::Respond(response) = gate.begin(&request("GET", "/search"), NOW) else { panic!("no answer") };
    let (_, header) = response.headers.iter().find(|(name, _)| *name == v2::CHALLENGE_HEADER).unwrap();
    assert!(v2::read_challenge(header).unwrap().extensions.is_none());
}

#[test]
fn a_gate_that_invites_nobody_reads_no_proof() {
    let mut inviting = world(SIGN_IN);
    let request = proof(&mut inviting, "/films/moon", 0x46);
    assert_eq!(World::new().run(&request).code(), (402, "payment_required".into()));
}

#[test]
fn options_that_make_no_sense_are_errors() {
    for (options, complaint) in [
        (r#""paymentIdentifier": "maybe","#, "paymentIdentifier"),
        (r#""paymentIdentifier": true,"#, "paymentIdentifier"),
        (r#""signIn": {"origin": "https://cinema.example"},"#, "seed"),
        (r#""seed": "0123456789abcdef01234567", "signIn": {},"#, "signIn.origin"),
        (r#""seed": "0123456789abcdef01234567", "signIn": {"origin": "cinema.example"},"#, "signIn.origin"),
        (r#""seed": "0123456789abcdef01234567", "signIn": {"origin": "https://cinema.example/"},"#, "signIn.origin"),
        (
            r#""seed": "0123456789abcdef01234567", "signIn": {"origin": "https://a", "statement": "a\nb"},"#,
            "signIn.statement",
        ),
        (r#""seed": "0123456789abcdef01234567", "signIn": {"origin": "https://a", "more": 1},"#, "signIn.more"),
    ] {
        let text = CONFIG.replacen('{', &format!("{{{options}"), 1);
        let error = Gate::from_config(&parse(&text).unwrap()).err().unwrap().to_string();
        assert!(error.contains(complaint), "{error}");
    }
}

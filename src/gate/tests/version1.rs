//! Clients of x402 v1 at our gate: `X-PAYMENT` in, `X-PAYMENT-RESPONSE` out, answers in their words.

use super::*;
use crate::dialect::v1;
use crate::json::Object;

fn priced(scope: &str, nonce: u8, value: u64) -> SignedPayment {
    let gate = gate();
    let asset = gate.routes.by_scope(scope).unwrap().requirements[0].asset.clone();
    let mut payment = payment(scope, nonce);
    payment.authorization.transfer_mut().value = value.into();
    payment.signature = SecretKey::from_bytes(&mut [0x46; 32]).unwrap().sign(&payment.authorization.digest(&asset));
    payment.offer.echo = Some(Object::new().text("network", "base-sepolia").end());
    payment
}

fn x_payment(scope: &str, nonce: u8, value: u64) -> String {
    v2::to_header(&v1::write_payment(&priced(scope, nonce, value)))
}

fn body(response: &Response) -> Value {
    parse(&response.body).unwrap()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_else(|| panic!("no text `{name}` in {value}"))
}

#[test]
fn one_402_is_a_challenge_of_every_version() {
    let response = World::new().run(&request("GET", "/films/moon")).answer();
    let challenge = v1::read_challenge(&body(&response)).unwrap();
    assert_eq!(challenge.offers[0].requirements.amount, 10_000.into());
    let get = |name: &str| response.headers.iter().find(|(own, _)| *own == name).map(|(_, value)| value.as_str());
    let newer = v2::read_challenge(get("PAYMENT-REQUIRED").unwrap()).unwrap();
    assert_eq!(newer.offers[0].requirements, challenge.offers[0].requirements);
    let older = mock::read_challenge(&body(&response), &AssetTable::default()).unwrap();
    assert_eq!(older.offers[0].requirements.amount, 10_000.into());
    assert_eq!(text(&body(&response), "code"), "payment_required");
}

#[test]
fn s22_a_payment_of_version_1_is_served_with_its_own_receipt() {
    let mut world = World::new();
    let end = world.run(&with("/films/moon", "x-payment", x_payment("matinee", 1, 10_000)));
    let End::Delivered(Some((name, receipt))) = end else { panic!("{end:?}") };
    assert_eq!(name, "X-PAYMENT-RESPONSE");
    let ticket = v2::read_receipt(&receipt).unwrap().ticket.unwrap().text;
    assert!(matches!(world.run(&with("/films/1", "authorization", format!("Bearer {ticket}"))), End::Admitted(_)));
    // Again: admitted again, with the same receipt.
    let end = world.run(&with("/films/moon", "x-payment", x_payment("matinee", 1, 10_000)));
    let End::Admitted(Admission { receipt: Some((name, again)), .. }) = end else { panic!("{end:?}") };
    assert_eq!((name, again), ("X-PAYMENT-RESPONSE", receipt));
}

/// Peers of version 1 sign for at least the amount. What they signed is what is recorded, and what will be cashed.
#[test]
fn version_1_may_pay_more_and_what_was_signed_is_recorded() {
    let mut world = World::new();
    let end = world.run(&with("/films/moon", "x-payment", x_payment("matinee", 1, 10_001)));
    let End::Delivered(Some((_, receipt))) = end else { panic!("{end:?}") };
    assert_eq!(world.only_entry().authorization().amount(), 10_001.into());
    let ticket = v2::read_receipt(&receipt).unwrap().ticket.unwrap().text;
    let ticket = gate().keyset.check(&ticket, "matinee", NOW).unwrap();
    assert_eq!(ticket.paid.unwrap().amount, 10_001.into());

    let response = World::new().run(&with("/films/moon", "x-payment", x_payment("matinee", 1, 9_999))).answer();
    assert_eq!(response.status, 402);
    let body = body(&response);
    assert_eq!(text(&body, "error"), "invalid_exact_evm_payload_authorization_value");
    assert_eq!(text(&body, "code"), "invalid_exact_evm_payload_authorization_value_mismatch");
    assert_eq!(text(&body, "payer"), priced("matinee", 1, 1).authorization.payer().to_string());
}

#[test]
fn version_2_pays_exactly_the_amount() {
    let payment = SignedPayment { offer: payment("matinee", 1).offer, ..priced("matinee", 1, 10_001) };
    let header = v2::to_header(&v2::write_payment(&payment, None));
    let (status, code) = World::new().run(&with("/films/moon", "payment-signature", header)).code();
    assert_eq!((status, &*code), (402, "invalid_exact_evm_payload_authorization_value_mismatch"));
}

#[test]
fn s23_a_payment_of_each_version_in_one_request_is_refused() {
    let mut both = with("/films/moon", "x-payment", x_payment("matinee", 1, 10_000));
    both.headers.push(("payment-signature", header("matinee", 1)));
    assert_eq!(World::new().run(&both).code(), (400, "ambiguous_payment".into()));
}

#[test]
fn each_header_takes_its_own_version_only() {
    let swapped = [("x-payment", header("matinee", 1)), ("payment-signature", x_payment("matinee", 1, 10_000))];
    for (name, value) in swapped {
        assert_eq!(World::new().run(&with("/films/moon", name, value)).code(), (400, "invalid_x402_version".into()));
    }
}

#[test]
fn s22_a_malformed_payment_of_version_1_is_told_in_its_shape() {
    let response = World::new().run(&with("/films/moon", "x-payment", base64(b"{\"x402Version\":1}"))).answer();
    let body = body(&response);
    assert_eq!(response.status, 400);
    assert_eq!(body.get("x402Version").and_then(Value::as_u64), Some(1));
    assert_eq!((text(&body, "error"), text(&body, "code")), ("invalid_payload", "invalid_payload"));
}

#[test]
fn a_used_payment_is_told_in_the_words_of_its_version() {
    let mut world = World::new();
    let paid = with("/films/moon", "x-payment", x_payment("matinee", 1, 10_000));
    assert!(matches!(world.run(&paid), End::Delivered(Some(_))));
    // Another check with the same nonce: the asset would take only one of them.
    let elsewhere = with("/films/premiere", "x-payment", x_payment("GET /films/premiere", 1, 60_000));
    let response = world.run(&elsewhere).answer();
    assert_eq!(response.status, 409);
    let body = body(&response);
    assert_eq!((text(&body, "error"), text(&body, "code")), ("duplicate_settlement", "payment_used_elsewhere"));
    assert_eq!(body.get("x402Version").and_then(Value::as_u64), Some(1));
}

#[test]
fn the_office_takes_a_payment_of_version_1_as_well() {
    let mut world = World::new();
    let response = world.run(&at_office("matinee", &v1::write_payment(&priced("matinee", 1, 10_000)))).answer();
    assert_eq!(response.status, 200);
    assert!(response.headers.iter().any(|(name, _)| *name == "X-PAYMENT-RESPONSE"));
    let ticket = text(&body(&response), "access_token").to_string();
    assert!(matches!(world.run(&with("/films/1", "authorization", format!("Bearer {ticket}"))), End::Admitted(_)));
}

#[test]
fn a_head_is_not_charged_in_version_1_either() {
    let mut world = World::new();
    let paid = with("/films/moon", "x-payment", x_payment("matinee", 1, 10_000));
    assert_eq!(world.run(&Request { method: "HEAD", ..paid }).answer().status, 402);
    assert!(world.records.is_empty());
}

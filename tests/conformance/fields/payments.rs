//! The payments that our gate reads: x402 v2, v1 and x402-mock, on the resource and at the office.

use super::at_gate::{TAKEN, at_office, on_resource, payment};
use super::kinds::Kind;
use super::{Field, Message, field};
use x402_wasm::dialect::{mock, v1, v2};
use x402_wasm::json::{Object, Value};
use x402_wasm::protocol::{Dialect, Offer, ReceivedChallenge, SignedPayment};

const PAYLOAD: &str = "invalid_payload";
const VERSION: &str = "invalid_x402_version";
const SCHEME: &str = "invalid_exact_evm_scheme";
const NO_MATCH: &str = "no_matching_payment_requirements";
const RECIPIENT: &str = "invalid_exact_evm_recipient_mismatch";
const VALUE: &str = "invalid_exact_evm_payload_authorization_value_mismatch";
const SIGNATURE: &str = "invalid_exact_evm_signature";
const NOT_YET: &str = "invalid_exact_evm_payload_authorization_valid_after";
const EXPIRED: &str = "invalid_exact_evm_payload_authorization_valid_before";
const TOO_LONG_LIVED: &str = "authorization_lives_too_long";

pub(super) fn all() -> Vec<Message> {
    let message = |name, good: &Value, fields: fn() -> Vec<Field>, read: Box<dyn Fn(&str) -> String>| Message {
        name,
        good: good.clone(),
        accepted: TAKEN,
        twice: "invalid_json",
        too_long: "payment_too_large",
        fields: fields(),
        read,
    };
    let newer = of_version_2();
    let older = v1::write_payment(&payment());
    let permit = with_created_at(&mock::write_permit(&payment()));
    let header = |name: &'static str| -> Box<dyn Fn(&str) -> String> { Box::new(move |text| on_resource(name, text)) };
    vec![
        message("v2 payment on the resource", &newer, version_2, header("payment-signature")),
        message("v1 payment on the resource", &older, version_1_on_resource, header("x-payment")),
        message("v2 payment at the office", &newer, version_2, Box::new(at_office)),
        message("v1 payment at the office", &older, version_1_at_office, Box::new(at_office)),
        message("x402-mock permit at the office", &permit, permit_fields, Box::new(at_office)),
    ]
}

/// With all that a payment may echo.
fn of_version_2() -> Value {
    let SignedPayment { offer, authorization, signature } = payment();
    let payment = SignedPayment { offer: Offer { echo: None, ..offer }, authorization, signature };
    let challenge = ReceivedChallenge {
        dialect: Dialect::V2,
        offers: Vec::new(),
        office: None,
        resource: Some(Object::new().text("url", "https://cinema.example/films/1").end()),
        extensions: Some(Object::new().value("bazaar", Object::new().text("a", "b").end()).end()),
        error: None,
    };
    v2::write_payment(&payment, Some(&challenge))
}

fn with_created_at(permit: &Value) -> Value {
    super::changed(permit, "permit.nonce", &|name, nonce| {
        vec![(name.to_owned(), nonce.clone()), ("created_at".to_owned(), "2026-01-01T00:00:00".into())]
    })
}

/// What both versions of x402 carry.
fn payload() -> Vec<Field> {
    vec![
        field("payload", Kind::Object, PAYLOAD),
        field("payload.signature", Kind::Signature, PAYLOAD).other(SIGNATURE),
        field("payload.authorization", Kind::Object, PAYLOAD),
        field("payload.authorization.from", Kind::Address, PAYLOAD).out_of_range(SIGNATURE).other(SIGNATURE),
        field("payload.authorization.to", Kind::Address, PAYLOAD).out_of_range(RECIPIENT).other(RECIPIENT),
        field("payload.authorization.value", Kind::Uint, PAYLOAD).other(VALUE),
        field("payload.authorization.validAfter", Kind::Time, PAYLOAD).out_of_range(NOT_YET).other(SIGNATURE),
        field("payload.authorization.validBefore", Kind::Time, PAYLOAD).out_of_range(TOO_LONG_LIVED).other(EXPIRED),
        field("payload.authorization.nonce", Kind::Word, PAYLOAD).other(SIGNATURE),
    ]
}

fn version_2() -> Vec<Field> {
    let mut fields = vec![
        field("x402Version", Kind::Number, VERSION).absent(PAYLOAD),
        // Echoed by the payer, and not looked at: our own requirements decide (S14).
        field("resource", Kind::Object, TAKEN),
        field("resource.url", Kind::Text, TAKEN),
        field("extensions", Kind::Object, TAKEN),
        field("extensions.bazaar", Kind::Object, TAKEN),
        field("extensions.bazaar.a", Kind::Text, TAKEN),
        field("accepted", Kind::Object, PAYLOAD).stranger(TAKEN),
        field("accepted.scheme", Kind::Exactly("exact"), PAYLOAD).misspelled(SCHEME).other(SCHEME),
        field("accepted.network", Kind::Caip2, PAYLOAD).other(NO_MATCH),
        field("accepted.amount", Kind::Uint, PAYLOAD).other(NO_MATCH),
        field("accepted.asset", Kind::Address, PAYLOAD).out_of_range(NO_MATCH).other(NO_MATCH),
        field("accepted.payTo", Kind::Address, PAYLOAD).out_of_range(NO_MATCH).other(NO_MATCH),
        field("accepted.maxTimeoutSeconds", Kind::Number, PAYLOAD).other(NO_MATCH),
        // It names a domain that is ours, or none.
        field("accepted.extra", Kind::Object, TAKEN),
        field("accepted.extra.name", Kind::Text, TAKEN).other(NO_MATCH),
        field("accepted.extra.version", Kind::Text, TAKEN).other(NO_MATCH),
    ];
    fields.extend(payload());
    fields
}

fn version_1_on_resource() -> Vec<Field> {
    let mut fields = vec![
        field("x402Version", Kind::Number, VERSION).absent(PAYLOAD),
        field("scheme", Kind::Exactly("exact"), PAYLOAD).misspelled(SCHEME).other(SCHEME),
        field("network", Kind::NetworkName, PAYLOAD).other(NO_MATCH),
    ];
    fields.extend(payload());
    fields
}

/// The office tells the versions apart by the number: 1 is still 1, and whatever is another is not a payment of v2.
fn version_1_at_office() -> Vec<Field> {
    version_1_on_resource()
}

fn permit_fields() -> Vec<Field> {
    vec![
        field("version", Kind::Exactly("Version 0.1"), PAYLOAD).misspelled(VERSION).other(VERSION),
        // Without it the document is read as a payment of x402.
        field("permit", Kind::Object, PAYLOAD),
        field("permit.permit_type", Kind::Exactly("ERC3009"), PAYLOAD).misspelled(SCHEME).other(SCHEME),
        field("permit.signature", Kind::Object, PAYLOAD),
        field("permit.signature.signature_type", Kind::Text, TAKEN),
        field("permit.signature.v", Kind::Number, PAYLOAD).other(SIGNATURE),
        field("permit.signature.r", Kind::ShortWord, PAYLOAD).misspelled(SIGNATURE).other(SIGNATURE),
        field("permit.signature.s", Kind::ShortWord, PAYLOAD).misspelled(SIGNATURE).other(SIGNATURE),
        field("permit.token", Kind::Address, PAYLOAD).out_of_range(NO_MATCH).other(NO_MATCH),
        field("permit.chain_id", Kind::LooseUint, PAYLOAD).other(NO_MATCH),
        field("permit.authorizer", Kind::Address, PAYLOAD).out_of_range(SIGNATURE).other(SIGNATURE),
        field("permit.recipient", Kind::Address, PAYLOAD).out_of_range(RECIPIENT).other(RECIPIENT),
        field("permit.value", Kind::LooseUint, PAYLOAD).other(VALUE),
        field("permit.validAfter", Kind::LooseUint, PAYLOAD).other(SIGNATURE),
        field("permit.validBefore", Kind::LooseUint, PAYLOAD).other(EXPIRED),
        field("permit.nonce", Kind::Word, PAYLOAD).other(SIGNATURE),
        field("permit.created_at", Kind::Text, TAKEN),
    ]
}

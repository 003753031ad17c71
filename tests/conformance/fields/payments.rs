//! The payments that our gate reads: x402 v2, v1 and x402-mock, on the resource and at the office.

use super::at_gate::{TAKEN, at_office, on_resource, payee, payment};
use super::kinds::Kind;
use super::{Field, Message, field};
use x402_wasm::dialect::{mock, v1, v2};
use x402_wasm::json::{Object, Value};
use x402_wasm::protocol::{Dialect, Method, Offer, ReceivedChallenge, SignedPayment};

const PAYLOAD: &str = "invalid_payload";
const VERSION: &str = "invalid_x402_version";
const SCHEME: &str = "invalid_exact_evm_scheme";
const NO_MATCH: &str = "no_matching_payment_requirements";
const RECIPIENT: &str = "invalid_exact_evm_recipient_mismatch";
const VALUE: &str = "invalid_exact_evm_payload_authorization_value_mismatch";
const SIGNATURE: &str = "invalid_exact_evm_signature";
const NOT_YET: &str = "invalid_exact_evm_payload_authorization_valid_after";
const EXPIRED: &str = "invalid_exact_evm_payload_authorization_valid_before";
/// A permit that is well-formed and another than was signed.
const NOT_SIGNED: &str = "invalid_permit2_signature";
const OTHER_ASSET: &str = "permit2_token_mismatch";
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
    let newer = of_version_2(Method::Eip3009);
    let older = v1::write_payment(&payment(Method::Eip3009));
    let by_permit2 = of_version_2(Method::Permit2);
    let metered = of_version_2(Method::Upto { facilitator: payee() });
    let permit = |method| with_created_at(&mock::write_permit(&payment(method)));
    let on = |path: &'static str, name: &'static str| -> Box<dyn Fn(&str) -> String> {
        Box::new(move |text| on_resource(path, name, text))
    };
    let (film, meter) = ("/films/1", "/meter");
    vec![
        message("v2 payment on the resource", &newer, version_2, on(film, "payment-signature")),
        message("v2 payment at the office", &newer, version_2, Box::new(at_office)),
        message("v1 payment on the resource", &older, version_1, on(film, "x-payment")),
        // The office tells the versions apart by the number: whatever is not 1 is no payment of v2 either.
        message("v1 payment at the office", &older, version_1, Box::new(at_office)),
        message("v2 payment by Permit2", &by_permit2, permit2, on(film, "payment-signature")),
        message("v2 payment of scheme upto", &metered, upto, on(meter, "payment-signature")),
        message("x402-mock permit of EIP-3009", &permit(Method::Eip3009), mock_transfer, Box::new(at_office)),
        message("x402-mock permit of Permit2", &permit(Method::PermitToPayee), mock_permit2, Box::new(at_office)),
    ]
}

/// With all that a payment may echo.
pub(super) fn of_version_2(method: Method) -> Value {
    let SignedPayment { offer, authorization, signature } = payment(method);
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
        field("payload.signature", Kind::Signature, PAYLOAD).out_of_range(SIGNATURE).other(SIGNATURE),
        field("payload.authorization", Kind::Object, PAYLOAD),
        field("payload.authorization.from", Kind::Address, PAYLOAD).out_of_range(SIGNATURE).other(SIGNATURE),
        field("payload.authorization.to", Kind::Address, PAYLOAD).out_of_range(RECIPIENT).other(RECIPIENT),
        field("payload.authorization.value", Kind::Uint, PAYLOAD).other(VALUE),
        field("payload.authorization.validAfter", Kind::Time, PAYLOAD).out_of_range(NOT_YET).other(SIGNATURE),
        field("payload.authorization.validBefore", Kind::Time, PAYLOAD).out_of_range(TOO_LONG_LIVED).other(EXPIRED),
        field("payload.authorization.nonce", Kind::Word, PAYLOAD).other(SIGNATURE),
    ]
}

/// What the payer says that it answers. Our own requirements decide (S14).
fn accepted() -> Vec<Field> {
    vec![
        field("x402Version", Kind::Number, VERSION).absent(PAYLOAD),
        // Echoed by the payer, and not looked at.
        field("resource", Kind::Object, TAKEN),
        field("resource.url", Kind::Text, TAKEN),
        field("extensions", Kind::Object, TAKEN),
        field("extensions.bazaar", Kind::Object, TAKEN),
        field("extensions.bazaar.a", Kind::Text, TAKEN),
        field("accepted", Kind::Object, PAYLOAD).stranger(TAKEN),
        field("accepted.network", Kind::Caip2, PAYLOAD).other(NO_MATCH),
        field("accepted.amount", Kind::Uint, PAYLOAD).other(NO_MATCH),
        field("accepted.payTo", Kind::Address, PAYLOAD).out_of_range(NO_MATCH).other(NO_MATCH),
        field("accepted.maxTimeoutSeconds", Kind::Number, PAYLOAD).other(NO_MATCH),
    ]
}

pub(super) fn version_2() -> Vec<Field> {
    let mut fields = accepted();
    fields.extend([
        field("accepted.scheme", Kind::Exactly("exact"), PAYLOAD).misspelled(SCHEME).other(SCHEME),
        field("accepted.asset", Kind::Address, PAYLOAD).out_of_range(NO_MATCH).other(NO_MATCH),
        // It names the domain that is ours, or none.
        field("accepted.extra", Kind::Object, TAKEN),
        field("accepted.extra.name", Kind::Text, TAKEN).other(NO_MATCH),
        field("accepted.extra.version", Kind::Text, TAKEN).other(NO_MATCH),
    ]);
    fields.extend(payload());
    fields
}

pub(super) fn version_1() -> Vec<Field> {
    let mut fields = vec![
        field("x402Version", Kind::Number, VERSION).absent(PAYLOAD),
        field("scheme", Kind::Exactly("exact"), PAYLOAD).misspelled(SCHEME).other(SCHEME),
        field("network", Kind::NetworkName, PAYLOAD).other(NO_MATCH),
    ];
    fields.extend(payload());
    fields
}

/// Both schemes of Permit2 carry this much.
fn permit2_payload() -> Vec<Field> {
    let mut fields = accepted();
    fields.extend([
        // The permit repeats it, and must not name another.
        field("accepted.asset", Kind::Address, PAYLOAD).out_of_range(OTHER_ASSET).other(OTHER_ASSET),
        field("payload", Kind::Object, PAYLOAD),
        field("payload.signature", Kind::Signature, PAYLOAD).out_of_range(NOT_SIGNED).other(NOT_SIGNED),
        field("payload.permit2Authorization", Kind::Object, PAYLOAD),
        field("payload.permit2Authorization.from", Kind::Address, PAYLOAD).out_of_range(NOT_SIGNED).other(NOT_SIGNED),
        field("payload.permit2Authorization.permitted", Kind::Object, PAYLOAD),
        field("payload.permit2Authorization.permitted.token", Kind::Address, PAYLOAD)
            .out_of_range(OTHER_ASSET)
            .other(OTHER_ASSET),
        field("payload.permit2Authorization.permitted.amount", Kind::Uint, PAYLOAD).other("permit2_amount_mismatch"),
        field("payload.permit2Authorization.spender", Kind::Address, PAYLOAD)
            .out_of_range("invalid_permit2_spender")
            .other("invalid_permit2_spender"),
        field("payload.permit2Authorization.nonce", Kind::Uint, PAYLOAD).other(NOT_SIGNED),
        field("payload.permit2Authorization.deadline", Kind::Time, PAYLOAD)
            .out_of_range(TOO_LONG_LIVED)
            .other("permit2_deadline_expired"),
        field("payload.permit2Authorization.witness", Kind::Object, PAYLOAD),
        field("payload.permit2Authorization.witness.to", Kind::Address, PAYLOAD)
            .out_of_range("invalid_permit2_recipient_mismatch")
            .other("invalid_permit2_recipient_mismatch"),
        field("payload.permit2Authorization.witness.validAfter", Kind::Time, PAYLOAD)
            .out_of_range("permit2_not_yet_valid")
            .other(NOT_SIGNED),
    ]);
    fields
}

pub(super) fn permit2() -> Vec<Field> {
    let mut fields = permit2_payload();
    fields.extend([
        field("accepted.scheme", Kind::Exactly("exact"), PAYLOAD).misspelled(SCHEME).other(SCHEME),
        // Without it EIP-3009 is meant, which the payload is not.
        field("accepted.extra", Kind::Object, PAYLOAD).stranger(TAKEN),
        field("accepted.extra.assetTransferMethod", Kind::Exactly("permit2"), PAYLOAD).misspelled(SCHEME).other(SCHEME),
    ]);
    fields
}

pub(super) fn upto() -> Vec<Field> {
    let mut fields = permit2_payload();
    fields.extend([
        field("accepted.scheme", Kind::Exactly("upto"), PAYLOAD).misspelled(SCHEME).other(SCHEME),
        field("accepted.extra", Kind::Object, SCHEME).stranger(TAKEN),
        field("accepted.extra.assetTransferMethod", Kind::Exactly("permit2"), SCHEME),
        field("accepted.extra.facilitatorAddress", Kind::Address, PAYLOAD).out_of_range(NO_MATCH).other(NO_MATCH),
        field("payload.permit2Authorization.witness.facilitator", Kind::Address, PAYLOAD)
            .out_of_range("upto_facilitator_mismatch")
            .other("upto_facilitator_mismatch"),
    ]);
    fields
}

/// Both kinds of permit carry this much.
fn mock_permit(kind: &'static str) -> Vec<Field> {
    vec![
        field("version", Kind::Exactly("Version 0.1"), PAYLOAD).misspelled(VERSION).other(VERSION),
        // Without it the document is read as a payment of x402.
        field("permit", Kind::Object, PAYLOAD),
        field("permit.permit_type", Kind::Exactly(kind), PAYLOAD).misspelled(SCHEME).other(SCHEME),
        field("permit.signature", Kind::Object, PAYLOAD),
        field("permit.signature.signature_type", Kind::Text, TAKEN),
        field("permit.signature.v", Kind::Number, PAYLOAD).other(SIGNATURE),
        field("permit.token", Kind::Address, PAYLOAD).out_of_range(NO_MATCH).other(NO_MATCH),
        field("permit.chain_id", Kind::LooseUint, PAYLOAD).other(NO_MATCH),
        field("permit.created_at", Kind::Text, TAKEN),
    ]
}

fn mock_transfer() -> Vec<Field> {
    let mut fields = mock_permit("ERC3009");
    fields.extend([
        field("permit.signature.r", Kind::ShortWord, PAYLOAD).misspelled(SIGNATURE).other(SIGNATURE),
        field("permit.signature.s", Kind::ShortWord, PAYLOAD).misspelled(SIGNATURE).other(SIGNATURE),
        field("permit.authorizer", Kind::Address, PAYLOAD).out_of_range(SIGNATURE).other(SIGNATURE),
        field("permit.recipient", Kind::Address, PAYLOAD).out_of_range(RECIPIENT).other(RECIPIENT),
        field("permit.value", Kind::LooseUint, PAYLOAD).other(VALUE),
        field("permit.validAfter", Kind::LooseUint, PAYLOAD).other(SIGNATURE),
        field("permit.validBefore", Kind::LooseUint, PAYLOAD).other(EXPIRED),
        field("permit.nonce", Kind::Word, PAYLOAD).other(SIGNATURE),
    ]);
    fields
}

fn mock_permit2() -> Vec<Field> {
    let mut fields = mock_permit("Permit2");
    fields.extend([
        field("permit.signature.r", Kind::ShortWord, PAYLOAD).misspelled(SIGNATURE).other(NOT_SIGNED),
        field("permit.signature.s", Kind::ShortWord, PAYLOAD).misspelled(SIGNATURE).other(NOT_SIGNED),
        field("permit.owner", Kind::Address, PAYLOAD).out_of_range(NOT_SIGNED).other(NOT_SIGNED),
        field("permit.spender", Kind::Address, PAYLOAD)
            .out_of_range("invalid_permit2_recipient_mismatch")
            .other("invalid_permit2_recipient_mismatch"),
        field("permit.amount", Kind::LooseUint, PAYLOAD).other("permit2_amount_mismatch"),
        field("permit.deadline", Kind::LooseUint, PAYLOAD).other("permit2_deadline_expired"),
        field("permit.nonce", Kind::LooseUint, PAYLOAD).other(NOT_SIGNED),
        // Absent it is the one that there is.
        field("permit.permit2_address", Kind::Address, PAYLOAD).absent(TAKEN),
    ]);
    fields
}

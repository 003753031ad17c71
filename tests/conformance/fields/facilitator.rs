//! What our facilitator is asked: a payment of either version, and what a server wants for it.
//!
//! The payment's own members are those that the gate reads, and come to the same, in the words of the request's version.

use super::at_facilitator::at_both_doors;
use super::at_gate::{TAKEN, payment};
use super::kinds::Kind;
use super::{Field, Message, document, field, inside, payments};
use x402_wasm::dialect::facilitator::write_request;
use x402_wasm::dialect::v1;
use x402_wasm::dialect::words::{v1_word, v2_word};
use x402_wasm::json::Value;
use x402_wasm::protocol::Method;

const UNREADABLE: &str = "unsupported_payload_type";
const SCHEME: &str = "invalid_exact_evm_scheme";
const NO_MATCH: &str = "No matching payment requirements";
const RECIPIENT: &str = "invalid_exact_evm_payload_recipient_mismatch";

pub(super) fn all() -> Vec<Message> {
    vec![version_2(), permit2(), version_1()]
}

fn message(name: &'static str, good: Value, fields: Vec<Field>) -> Message {
    let (twice, too_long) = ("invalid_json", "payment_too_large");
    Message { name, good, accepted: TAKEN, twice, too_long, fields, read: Box::new(at_both_doors) }
}

/// A payment with the requirements that it answers.
fn asked_with(payment: Value) -> Value {
    let wanted = payment.get("accepted").unwrap().clone();
    document(&write_request(payment, wanted))
}

/// What stands around payment and requirements. Servers may say more at all of these places.
fn envelope(unreadable: &'static str) -> Vec<Field> {
    vec![
        // In no version that there is: told in the words of the newer one.
        field("x402Version", Kind::Number, UNREADABLE),
        field("paymentPayload", Kind::Object, unreadable).stranger(TAKEN),
        field("paymentRequirements", Kind::Object, unreadable).stranger(TAKEN),
    ]
}

/// What a server of version 2 wants; the payment says that it answers just that.
fn wanted(scheme: &'static str) -> Vec<Field> {
    vec![
        field("paymentRequirements.scheme", Kind::Exactly(scheme), UNREADABLE).misspelled(SCHEME).other(SCHEME),
        field("paymentRequirements.network", Kind::Caip2, UNREADABLE).other(NO_MATCH),
        field("paymentRequirements.amount", Kind::Uint, UNREADABLE).other(NO_MATCH),
        field("paymentRequirements.asset", Kind::Address, UNREADABLE).out_of_range(NO_MATCH).other(NO_MATCH),
        field("paymentRequirements.payTo", Kind::Address, UNREADABLE).out_of_range(NO_MATCH).other(NO_MATCH),
        field("paymentRequirements.maxTimeoutSeconds", Kind::Number, UNREADABLE).other(NO_MATCH),
    ]
}

fn of_version_2(scheme: &'static str, payment: Vec<Field>) -> Vec<Field> {
    let mut fields = envelope(UNREADABLE);
    fields.extend(wanted(scheme));
    fields.extend(inside("paymentPayload", payment, v2_word));
    fields
}

fn version_2() -> Message {
    let mut fields = of_version_2("exact", payments::version_2());
    fields.extend([
        // The domain is from the operator's table; the payment names it, and the server does not want another.
        field("paymentRequirements.extra", Kind::Object, NO_MATCH).stranger(TAKEN),
        field("paymentRequirements.extra.name", Kind::Text, NO_MATCH),
        field("paymentRequirements.extra.version", Kind::Text, NO_MATCH),
    ]);
    message("v2 request to our facilitator", asked_with(payments::of_version_2(Method::Eip3009)), fields)
}

fn permit2() -> Message {
    let mut fields = of_version_2("exact", payments::permit2());
    fields.extend([
        // Without it EIP-3009 is wanted.
        field("paymentRequirements.extra", Kind::Object, NO_MATCH).stranger(TAKEN),
        field("paymentRequirements.extra.assetTransferMethod", Kind::Exactly("permit2"), NO_MATCH)
            .misspelled(SCHEME)
            .other(SCHEME),
    ]);
    message("v2 request by Permit2 to our facilitator", asked_with(payments::of_version_2(Method::Permit2)), fields)
}

fn version_1() -> Message {
    let (unreadable, no_match) = ("invalid_payload", "Unable to find matching payment requirements");
    let requirements = r#"{
      "scheme": "exact", "network": "base-sepolia", "maxAmountRequired": "10000", "resource": "https://cinema.example/films/1",
      "description": "", "mimeType": "", "outputSchema": {"input": {"type": "http"}}, "payTo": "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
      "maxTimeoutSeconds": 300, "asset": "0x036CbD53842c5426634e7929541eC2318f3dCF7e", "extra": {"name": "USDC", "version": "2"}
    }"#;
    let of = |name: &'static str, kind: Kind| field(name, kind, unreadable);
    let mut fields = envelope(unreadable);
    fields.extend(inside(
        "paymentRequirements",
        vec![
            of("scheme", Kind::Exactly("exact")).misspelled("unsupported_scheme").other("unsupported_scheme"),
            of("network", Kind::NetworkName).other(no_match),
            // Whoever asks for less than was signed is paid what was signed.
            of("maxAmountRequired", Kind::Uint).other(TAKEN),
            of("asset", Kind::Address).out_of_range(no_match).other(no_match),
            of("payTo", Kind::Address).out_of_range(RECIPIENT).other(RECIPIENT),
            of("maxTimeoutSeconds", Kind::Number).other(TAKEN),
            // The domain is from the operator's table.
            field("extra", Kind::Object, TAKEN),
            field("extra.name", Kind::Text, TAKEN),
            field("extra.version", Kind::Text, TAKEN),
            // For people.
            field("resource", Kind::Text, TAKEN),
            field("description", Kind::Text, TAKEN),
            field("mimeType", Kind::Text, TAKEN),
            field("outputSchema", Kind::Object, TAKEN),
            field("outputSchema.input", Kind::Object, TAKEN),
            field("outputSchema.input.type", Kind::Text, TAKEN),
        ],
        |told| told,
    ));
    fields.extend(inside("paymentPayload", payments::version_1(), v1_word));
    let good = document(&write_request(v1::write_payment(&payment(Method::Eip3009)), document(requirements)));
    message("v1 request to our facilitator", good, fields)
}

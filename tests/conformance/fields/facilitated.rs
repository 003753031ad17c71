//! What a facilitator answers: to a gate that asks for its kinds and its verdict, and to a relayer that has it settle.
//!
//! Whatever cannot be read is no answer: the payment stays unused before it is served, and unknown after that (S51).

use super::at_gate::TAKEN;
use super::at_settler::{before_serving, settling};
use super::kinds::Kind;
use super::{Field, Message, document, field};
use x402_wasm::protocol::Method;

const SETTLER: &str =
    r#""settleVia": {"url": "http://settler", "account": "0x209693Bc6afc0C5328bA36FaF03C514EF312287C"},"#;
const VERIFIER: &str = r#""verifyVia": {"url": "http://verifier"},"#;
const FILM: (&str, Method) = ("/films/1", Method::Eip3009);

const UNREACHABLE: &str = "facilitator_unreachable";
const UNSUPPORTED: &str = "facilitator_unsupported";
/// It refuses, and gives no reason that can be handed on.
const REFUSED: &str = "facilitator_refused";
const REPORTED: &str = "facilitator_reports_transfer";
const UNCLEAR: &str = "facilitator_unclear";
const CONTRADICTS: &str = "facilitator_contradicts";
const PENDING: &str = "settlement_pending";

pub(super) fn all() -> Vec<Message> {
    vec![supported(), supported_ceiling(), valid(), invalid(), settled(), not_settled(), pending()]
}

fn before(
    name: &'static str,
    options: &'static str,
    payment: (&'static str, Method),
    good: &str,
    accepted: &'static str,
    fields: Vec<Field>,
) -> Message {
    let read = Box::new(move |text: &str| before_serving(options, payment, text));
    Message { name, good: document(good), accepted, twice: UNREACHABLE, too_long: UNREACHABLE, fields, read }
}

fn kinds() -> Vec<Field> {
    vec![
        field("kinds", Kind::Array, UNREACHABLE).other(UNSUPPORTED),
        // A kind that cannot be read is none.
        field("kinds.0.x402Version", Kind::Number, UNSUPPORTED),
        field("kinds.0.network", Kind::Caip2, UNSUPPORTED),
        field("kinds.0.extra", Kind::Object, TAKEN),
        field("extensions", Kind::Array, TAKEN),
    ]
}

fn supported() -> Message {
    let good = r#"{
      "kinds": [{"x402Version": 2, "scheme": "exact", "network": "eip155:84532", "extra": {}}],
      "extensions": [], "signers": {"eip155:*": ["0x3333333333333333333333333333333333333333"]}
    }"#;
    let mut fields = kinds();
    fields.extend([
        field("kinds.0.scheme", Kind::Exactly("exact"), UNSUPPORTED),
        // Who sends it is all the same where the amount is fixed.
        field("signers", Kind::Object, TAKEN),
        field("signers.eip155:*", Kind::Array, TAKEN),
    ]);
    before("answer of /supported", SETTLER, FILM, good, TAKEN, fields)
}

fn supported_ceiling() -> Message {
    let good = r#"{
      "kinds": [{"x402Version": 2, "scheme": "upto", "network": "eip155:84532", "extra": {}}],
      "extensions": [], "signers": {"eip155:*": ["0x209693Bc6afc0C5328bA36FaF03C514EF312287C"]}
    }"#;
    let mut fields = kinds();
    fields.extend([
        field("kinds.0.scheme", Kind::Exactly("upto"), UNSUPPORTED),
        field("signers", Kind::Object, UNSUPPORTED).stranger(TAKEN),
        field("signers.eip155:*", Kind::Array, UNSUPPORTED),
    ]);
    let facilitator = super::at_gate::payee();
    before("answer of /supported for upto", SETTLER, ("/meter", Method::Upto { facilitator }), good, TAKEN, fields)
}

fn valid() -> Message {
    let good = format!(r#"{{"isValid": true, "payer": "{PAYER}", "extra": {{}}}}"#);
    let fields = vec![
        field("isValid", Kind::True, UNREACHABLE).other(REFUSED),
        field("payer", Kind::Address, UNREACHABLE).absent(TAKEN),
        field("extra", Kind::Object, TAKEN),
    ];
    before("answer of /verify", VERIFIER, FILM, &good, TAKEN, fields)
}

fn invalid() -> Message {
    let reason = "insufficient_funds";
    let good = format!(
        r#"{{"isValid": false, "invalidReason": "insufficient_funds", "invalidMessage": "No.", "payer": "{PAYER}"}}"#
    );
    let fields = vec![
        field("isValid", Kind::True, UNREACHABLE).other(reason),
        field("invalidReason", Kind::Text, REFUSED).other("another"),
        // Refused is refused, whoever it is said to be.
        field("invalidMessage", Kind::Text, reason),
        field("payer", Kind::Address, reason),
    ];
    before("refusal of /verify", VERIFIER, FILM, &good, reason, fields)
}

/// The account that pays everything here.
const PAYER: &str = "0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F";

fn after(name: &'static str, good: &str, accepted: &'static str, fields: Vec<Field>) -> Message {
    let (good, twice, too_long) = (document(good), UNCLEAR, UNCLEAR);
    Message { name, good, accepted, twice, too_long, fields, read: Box::new(settling) }
}

fn settled() -> Message {
    let good = format!(
        r#"{{"success": true, "payer": "{PAYER}", "transaction": "0x{}", "network": "eip155:84532", "amount": "10000", "extensions": {{}}}}"#,
        "ab".repeat(32)
    );
    let fields = vec![
        field("success", Kind::True, UNCLEAR).other(REFUSED),
        field("payer", Kind::Address, UNCLEAR).absent(REPORTED).out_of_range(CONTRADICTS).other(CONTRADICTS),
        // Without a chain to ask, any transaction is taken at its word.
        field("transaction", Kind::Transaction, UNCLEAR).absent(CONTRADICTS).out_of_range(CONTRADICTS).other(REPORTED),
        field("network", Kind::Caip2, CONTRADICTS),
        field("amount", Kind::Uint, UNCLEAR).absent(REPORTED).other(CONTRADICTS),
        field("extensions", Kind::Object, REPORTED),
    ];
    after("answer of /settle", &good, REPORTED, fields)
}

fn not_settled() -> Message {
    let good = format!(
        r#"{{"success": false, "errorReason": "reverted", "errorMessage": "No.", "payer": "", "transaction": "0x{}", "network": "eip155:84532"}}"#,
        "ab".repeat(32)
    );
    let fields = vec![
        field("success", Kind::True, UNCLEAR).other(REFUSED),
        field("errorReason", Kind::Text, REFUSED),
        field("errorMessage", Kind::Text, REFUSED),
        // Stock facilitators leave it empty here.
        field("payer", Kind::Text, REFUSED),
        // What was sent may still come true.
        field("transaction", Kind::Transaction, UNCLEAR).absent(REFUSED).out_of_range(REFUSED).other(REFUSED),
        field("network", Kind::Caip2, REFUSED),
    ];
    after("refusal of /settle", &good, REFUSED, fields)
}

fn pending() -> Message {
    let good = format!(
        r#"{{"success": false, "errorReason": "settlement_pending", "transaction": "0x{}", "network": "eip155:84532"}}"#,
        "ab".repeat(32)
    );
    let fields = vec![
        field("success", Kind::True, UNCLEAR).other(PENDING),
        field("errorReason", Kind::Exactly("settlement_pending"), REFUSED),
        field("transaction", Kind::Transaction, UNCLEAR).absent(PENDING).out_of_range(PENDING).other(PENDING),
        field("network", Kind::Caip2, PENDING),
    ];
    after("answer of /settle for what is on its way", &good, PENDING, fields)
}

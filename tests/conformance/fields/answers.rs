//! What our payer reads after it paid: receipts of both versions, and what an office says.
//!
//! No answer tells whether money moved, so a broken one never makes it sign again: at most it asks once more with the
//! same payment.

use super::at_payer::{LATER, SERVED, TICKET, receipted, sold};
use super::challenges::{MOCK, VERSION_1};
use super::kinds::Kind;
use super::{Field, Message, document, field};

const NOT_HONOURED: &str = "payment_not_honoured";
const REFUSED: &str = "payment_refused";

pub(super) fn all() -> Vec<Message> {
    vec![
        receipt("eip155:84532", Kind::Caip2),
        receipt("base-sepolia", Kind::NetworkName),
        failure(),
        ticket(),
        refusal(),
    ]
}

/// Of either version, which differ in the network's name.
fn receipt(network: &str, kind: Kind) -> Message {
    let good = format!(
        r#"{{"success": true, "payer": "0x209693Bc6afc0C5328bA36FaF03C514EF312287C", "transaction": "0x{}", "network": "{network}",
          "extensions": {{"ticket": {{"token": "t", "scope": "matinee", "expiresAt": 1700000600, "id": "i"}}}}}}"#,
        "ab".repeat(32)
    );
    let fields = vec![
        field("success", Kind::True, SERVED),
        // The server's word about what it did; nothing is decided by it.
        field("payer", Kind::Address, TICKET),
        field("transaction", Kind::Word, TICKET),
        field("network", kind, TICKET),
        field("extensions", Kind::Object, SERVED).stranger(TICKET),
        field("extensions.ticket", Kind::Object, SERVED).stranger(TICKET),
        field("extensions.ticket.token", Kind::Text, SERVED).other(TICKET),
        field("extensions.ticket.scope", Kind::Text, TICKET),
        field("extensions.ticket.expiresAt", Kind::Number, SERVED),
        field("extensions.ticket.id", Kind::Text, TICKET),
    ];
    Message {
        name: "receipt",
        good: document(&good),
        accepted: TICKET,
        twice: SERVED,
        too_long: SERVED,
        fields,
        read: Box::new(|text| receipted(VERSION_1, 200, text)),
    }
}

/// The stock server's answer when settling failed: 402, and a receipt without success.
fn failure() -> Message {
    let good = r#"{"success": false, "errorReason": "invalid_transaction_state", "transaction": "", "network": "eip155:84532"}"#;
    let of = |path: &'static str, kind: Kind| field(path, kind, NOT_HONOURED);
    let fields: Vec<Field> = vec![
        of("success", Kind::True),
        of("errorReason", Kind::Text),
        of("transaction", Kind::Text),
        of("network", Kind::Text),
    ];
    Message {
        name: "receipt of a failed settlement",
        good: document(good),
        accepted: NOT_HONOURED,
        twice: NOT_HONOURED,
        too_long: NOT_HONOURED,
        fields,
        read: Box::new(|text| receipted(VERSION_1, 402, text)),
    }
}

fn ticket() -> Message {
    let good = r#"{"access_token": "t", "token_type": "Bearer", "expires_in": 300, "scope": "matinee", "jti": "i", "metadata": {}}"#;
    let fields = vec![
        field("access_token", Kind::Text, LATER).other(TICKET),
        field("token_type", Kind::Text, TICKET),
        // Without a lifetime that can be read it is used for five minutes.
        field("expires_in", Kind::LooseUint, TICKET),
        field("scope", Kind::Text, TICKET),
        field("jti", Kind::Text, TICKET),
        field("metadata", Kind::Object, TICKET),
    ];
    Message {
        name: "ticket of an office",
        good: document(good),
        accepted: TICKET,
        twice: LATER,
        too_long: LATER,
        fields,
        read: Box::new(|text| sold(MOCK, 200, text)),
    }
}

fn refusal() -> Message {
    let good = r#"{"error": "invalid_exact_evm_signature", "code": "invalid_exact_evm_signature", "message": "No."}"#;
    let of = |path: &'static str| field(path, Kind::Text, REFUSED);
    Message {
        name: "refusal of an office",
        good: document(good),
        accepted: REFUSED,
        twice: REFUSED,
        too_long: REFUSED,
        fields: vec![of("error"), of("code"), of("message")],
        read: Box::new(|text| sold(MOCK, 402, text)),
    }
}

//! What a challenge, a payment and a receipt can carry beyond what paying needs ([x402 extensions]).
//!
//! | extension | its idea |
//! |---|---|
//! | [`payment_identifier`] | a name for a payment that its payer chose, used once |
//! | [`sign_in`] | a payer that lost its ticket proves its key instead of paying again |
//! | [`offer_receipt`] | the server's signature below what it offers and what it was paid |
//!
//! [x402 extensions]: https://github.com/x402-foundation/x402/tree/main/specs/extensions

pub mod offer_receipt;
pub mod payment_identifier;
pub mod sign_in;

use crate::json::{Object, Value};
use alloc::vec::Vec;

/// An entry of `extensions`: what is told, and the JSON Schema that says which members it has.
fn declared(info: Value, fields: &[(&str, &str)], required: &[&str]) -> Value {
    let properties =
        fields.iter().fold(Object::new(), |all, (name, kind)| all.value(name, Object::new().text("type", kind).end()));
    let required: Vec<Value> = required.iter().map(|name| Value::from(*name)).collect();
    let schema = Object::new()
        .text("$schema", "https://json-schema.org/draft/2020-12/schema")
        .text("type", "object")
        .value("properties", properties.end())
        .value("required", required.into())
        .end();
    Object::new().value("info", info).value("schema", schema).end()
}

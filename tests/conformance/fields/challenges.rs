//! The challenges that our payer reads: x402 v2 in the header, v1 and x402-mock in the body.

use super::at_payer::{BUYS, PAYS, UNTOUCHED, challenged_in_body, challenged_in_header};
use super::kinds::Kind;
use super::{Message, document, field};

const UNREADABLE: &str = "unreadable_challenge";
const NO_OFFER: &str = "no_acceptable_offer";
const NETWORK: &str = "network_not_allowed";
const UNKNOWN_ASSET: &str = "unknown_asset";
const MISMATCH: &str = "asset_mismatch";
const PAYEE: &str = "invalid_payee";
/// Nor an address of the same origin.
const NOT_A_PATH: &str = "foreign_office";

const VERSION_2: &str = r#"{
  "x402Version": 2,
  "error": "Payment required",
  "resource": {"url": "https://cinema.example/films/1", "description": "A film", "mimeType": "video/mp4"},
  "accepts": [{
    "scheme": "exact", "network": "eip155:84532", "amount": "10000", "asset": "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
    "payTo": "0x209693Bc6afc0C5328bA36FaF03C514EF312287C", "maxTimeoutSeconds": 300, "extra": {"name": "USDC", "version": "2"}
  }],
  "extensions": {"ticket": {"info": {"endpoint": "/token", "scope": "matinee", "ttl": 600}, "schema": {"type": "object"}}}
}"#;

/// By Permit2, and what it costs is known after serving.
const METERED: &str = r#"{
  "x402Version": 2,
  "accepts": [{
    "scheme": "upto", "network": "eip155:84532", "amount": "10000", "asset": "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
    "payTo": "0x209693Bc6afc0C5328bA36FaF03C514EF312287C", "maxTimeoutSeconds": 300,
    "extra": {"assetTransferMethod": "permit2", "facilitatorAddress": "0x209693Bc6afc0C5328bA36FaF03C514EF312287C"}
  }]
}"#;

/// As npm `x402-hono` writes it, with the member that it adds after a refusal.
pub(super) const VERSION_1: &str = r#"{
  "x402Version": 1,
  "error": "X-PAYMENT header is required",
  "accepts": [{
    "scheme": "exact", "network": "base-sepolia", "maxAmountRequired": "10000", "resource": "https://cinema.example/films/1",
    "description": "", "mimeType": "", "outputSchema": {"input": {"type": "http"}}, "payTo": "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
    "maxTimeoutSeconds": 300, "asset": "0x036CbD53842c5426634e7929541eC2318f3dCF7e", "extra": {"name": "USDC", "version": "2"}
  }],
  "payer": "0x209693Bc6afc0C5328bA36FaF03C514EF312287C"
}"#;

/// As x402-mock 0.3.0 writes it.
pub(super) const MOCK: &str = r#"{
  "reason": "Missing authorization token",
  "access_token_endpoint": "/token",
  "payment_scheme": {
    "payment_components": [{
      "payment_type": "evm", "amount": 0.01, "currency": "USDC", "metadata": {}, "created_at": "2026-01-01T00:00:00.000000",
      "caip2": "eip155:84532", "pay_to": "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
      "token": "0x036CbD53842c5426634e7929541eC2318f3dCF7e", "token_name": "USDC", "token_decimals": 6, "token_version": "2"
    }],
    "protocol_version": "Version 0.1"
  },
  "payment_instruction": "Payment required."
}"#;

pub(super) fn all() -> Vec<Message> {
    vec![version_2(), metered(), version_1(), mock()]
}

fn version_2() -> Message {
    let fields = vec![
        field("x402Version", Kind::Number, UNREADABLE),
        // Of the server's words and of the resource nothing is decided by.
        field("error", Kind::Text, BUYS),
        field("resource", Kind::Object, BUYS),
        field("resource.url", Kind::Text, BUYS),
        field("resource.description", Kind::Text, BUYS),
        field("resource.mimeType", Kind::Text, BUYS),
        field("accepts", Kind::Array, UNREADABLE).other(NO_OFFER),
        field("accepts.0.scheme", Kind::Exactly("exact"), NO_OFFER),
        field("accepts.0.network", Kind::Caip2, NO_OFFER).other(NETWORK),
        field("accepts.0.amount", Kind::Uint, NO_OFFER).other(BUYS),
        field("accepts.0.asset", Kind::Address, NO_OFFER).out_of_range(UNKNOWN_ASSET).other(UNKNOWN_ASSET),
        field("accepts.0.payTo", Kind::Address, NO_OFFER).out_of_range(PAYEE).other(BUYS),
        field("accepts.0.maxTimeoutSeconds", Kind::Number, NO_OFFER).other(BUYS),
        // The domain is from our table; what the server says of it must not be another (S56).
        field("accepts.0.extra", Kind::Object, BUYS),
        field("accepts.0.extra.name", Kind::Text, BUYS).other(MISMATCH),
        field("accepts.0.extra.version", Kind::Text, BUYS).other(MISMATCH),
        // Without an office that can be read it pays as the specification says.
        field("extensions", Kind::Object, PAYS).stranger(BUYS),
        field("extensions.ticket", Kind::Object, PAYS).stranger(BUYS),
        field("extensions.ticket.info", Kind::Object, PAYS).stranger(BUYS),
        field("extensions.ticket.info.endpoint", Kind::Text, PAYS).other(NOT_A_PATH),
        field("extensions.ticket.info.scope", Kind::Text, BUYS),
        field("extensions.ticket.info.ttl", Kind::Number, BUYS),
        field("extensions.ticket.schema", Kind::Object, BUYS),
        field("extensions.ticket.schema.type", Kind::Text, BUYS),
    ];
    Message {
        name: "v2 challenge",
        good: document(VERSION_2),
        accepted: BUYS,
        twice: UNREADABLE,
        too_long: UNREADABLE,
        fields,
        read: Box::new(challenged_in_header),
    }
}

fn metered() -> Message {
    let fields = vec![
        field("x402Version", Kind::Number, UNREADABLE),
        field("accepts", Kind::Array, UNREADABLE).other(NO_OFFER),
        field("accepts.0.scheme", Kind::Exactly("upto"), NO_OFFER),
        field("accepts.0.network", Kind::Caip2, NO_OFFER).other(NETWORK),
        field("accepts.0.amount", Kind::Uint, NO_OFFER).other(PAYS),
        field("accepts.0.asset", Kind::Address, NO_OFFER).out_of_range(UNKNOWN_ASSET).other(UNKNOWN_ASSET),
        field("accepts.0.payTo", Kind::Address, NO_OFFER).out_of_range(PAYEE).other(PAYS),
        field("accepts.0.maxTimeoutSeconds", Kind::Number, NO_OFFER).other(PAYS),
        field("accepts.0.extra", Kind::Object, NO_OFFER).stranger(PAYS),
        field("accepts.0.extra.assetTransferMethod", Kind::Exactly("permit2"), NO_OFFER),
        // Whom the server names is its own affair: the payer signs for it, and for the payee beside it.
        field("accepts.0.extra.facilitatorAddress", Kind::Address, NO_OFFER).out_of_range(PAYS).other(PAYS),
    ];
    Message {
        name: "v2 challenge of scheme upto",
        good: document(METERED),
        accepted: PAYS,
        twice: UNREADABLE,
        too_long: UNREADABLE,
        fields,
        read: Box::new(challenged_in_header),
    }
}

fn version_1() -> Message {
    let fields = vec![
        field("x402Version", Kind::Number, UNTOUCHED),
        field("error", Kind::Text, PAYS),
        field("payer", Kind::Text, PAYS),
        field("accepts", Kind::Array, UNTOUCHED).other(NO_OFFER),
        field("accepts.0.scheme", Kind::Exactly("exact"), NO_OFFER),
        field("accepts.0.network", Kind::NetworkName, NO_OFFER).other(NETWORK),
        field("accepts.0.maxAmountRequired", Kind::Uint, NO_OFFER).other(PAYS),
        field("accepts.0.asset", Kind::Address, NO_OFFER).out_of_range(UNKNOWN_ASSET).other(UNKNOWN_ASSET),
        field("accepts.0.payTo", Kind::Address, NO_OFFER).out_of_range(PAYEE).other(PAYS),
        field("accepts.0.maxTimeoutSeconds", Kind::Number, NO_OFFER).other(PAYS),
        field("accepts.0.extra", Kind::Object, PAYS),
        field("accepts.0.extra.name", Kind::Text, PAYS).other(MISMATCH),
        field("accepts.0.extra.version", Kind::Text, PAYS).other(MISMATCH),
        // For people.
        field("accepts.0.resource", Kind::Text, PAYS),
        field("accepts.0.description", Kind::Text, PAYS),
        field("accepts.0.mimeType", Kind::Text, PAYS),
        field("accepts.0.outputSchema", Kind::Object, PAYS),
        field("accepts.0.outputSchema.input", Kind::Object, PAYS),
        field("accepts.0.outputSchema.input.type", Kind::Text, PAYS),
    ];
    Message {
        name: "v1 challenge",
        good: document(VERSION_1),
        accepted: PAYS,
        twice: UNTOUCHED,
        too_long: UNTOUCHED,
        fields,
        read: Box::new(challenged_in_body),
    }
}

fn mock() -> Message {
    let fields = vec![
        field("reason", Kind::Text, BUYS),
        field("payment_instruction", Kind::Text, BUYS),
        field("access_token_endpoint", Kind::Text, UNTOUCHED).other(NOT_A_PATH),
        field("payment_scheme", Kind::Object, UNTOUCHED).stranger(BUYS),
        field("payment_scheme.protocol_version", Kind::Text, BUYS),
        field("payment_scheme.payment_components", Kind::Array, UNTOUCHED).other(NO_OFFER),
        field("payment_scheme.payment_components.0.payment_type", Kind::Exactly("evm"), NO_OFFER),
        field("payment_scheme.payment_components.0.amount", Kind::Units, NO_OFFER).other("over_per_payment"),
        field("payment_scheme.payment_components.0.currency", Kind::Text, NO_OFFER).other(BUYS),
        field("payment_scheme.payment_components.0.metadata", Kind::Object, BUYS),
        field("payment_scheme.payment_components.0.created_at", Kind::Text, BUYS),
        field("payment_scheme.payment_components.0.caip2", Kind::Caip2, NO_OFFER),
        field("payment_scheme.payment_components.0.pay_to", Kind::Address, NO_OFFER).out_of_range(PAYEE).other(BUYS),
        field("payment_scheme.payment_components.0.token", Kind::Address, NO_OFFER),
        field("payment_scheme.payment_components.0.token_name", Kind::Text, NO_OFFER).other(MISMATCH),
        field("payment_scheme.payment_components.0.token_decimals", Kind::LooseUint, NO_OFFER),
        field("payment_scheme.payment_components.0.token_version", Kind::LooseText, NO_OFFER).other(MISMATCH),
    ];
    Message {
        name: "x402-mock challenge",
        good: document(MOCK),
        accepted: BUYS,
        twice: UNTOUCHED,
        too_long: UNTOUCHED,
        fields,
        read: Box::new(challenged_in_body),
    }
}

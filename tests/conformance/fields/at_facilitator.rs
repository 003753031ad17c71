//! Our facilitator, asked about a payment at both of its doors: what it says, in the words of the request's version.

use super::at_gate::{NOW, TAKEN};
use alloc::borrow::Cow;
use x402_wasm::facilitator::{Facilitator, Step};
use x402_wasm::gate::{BodyFault, Effect, Outcome, RequestHead, Response};
use x402_wasm::json::{Value, parse};
use x402_wasm::ledger::{LedgerOp, LedgerOutcome};

/// In both versions' words.
const UNREADABLE: [&str; 4] = ["invalid_json", "unsupported_payload_type", "invalid_payload", "invalid_x402_version"];

struct Post(&'static str);

impl RequestHead for Post {
    fn method(&self) -> Cow<'_, str> {
        "POST".into()
    }
    fn url(&self) -> Cow<'_, str> {
        format!("https://facilitator.example{}", self.0).into()
    }
    fn header(&self, _name: &str) -> Option<Cow<'_, str>> {
        None
    }
}

/// Both doors make the same of a request.
pub(super) fn at_both_doors(document: &str) -> String {
    let (verified, settled) = (at("/verify", document), at("/settle", document));
    assert_eq!(verified, settled, "{document}");
    verified
}

fn at(door: &'static str, document: &str) -> String {
    let config =
        r#"{"name": "f", "networks": ["eip155:84532"], "signer": "0x209693Bc6afc0C5328bA36FaF03C514EF312287C"}"#;
    let facilitator = Facilitator::from_config(&parse(config).unwrap()).unwrap();
    let Step::Need(Effect::ReadBody { max_bytes }, flow) = facilitator.begin(&Post(door)) else {
        panic!("{door} wants no body")
    };
    let body = if document.len() > max_bytes { Err(BodyFault::TooLarge) } else { Ok(document.to_owned()) };
    match flow.resume(&facilitator, Outcome::Body(body), NOW) {
        // It is on its way into the ledger.
        Step::Need(Effect::Ledger(LedgerOp::Write { .. }), _) if door == "/settle" => TAKEN.to_owned(),
        Step::Need(Effect::Ledger(LedgerOp::Read(_)), flow) if door == "/verify" => {
            match flow.resume(&facilitator, Outcome::Ledger(LedgerOutcome::Found(None)), NOW) {
                Step::Respond(response) => told(door, &response),
                other @ Step::Need(..) => panic!("{other:?}"),
            }
        }
        Step::Respond(response) => told(door, &response),
        other @ Step::Need(..) => panic!("{other:?}"),
    }
}

fn told(door: &str, response: &Response) -> String {
    let body = parse(&response.body).unwrap();
    if response.status == 413 {
        return body.text("code").unwrap().to_owned();
    }
    let (verdict, reason) = if door == "/verify" { ("isValid", "invalidReason") } else { ("success", "errorReason") };
    if body.get(verdict).and_then(Value::as_bool) == Some(true) {
        return TAKEN.to_owned();
    }
    let reason = body.text(reason).unwrap();
    // What cannot be read is told by the status too.
    let is_unreadable = UNREADABLE.contains(&reason);
    assert_eq!(response.status, if is_unreadable { 400 } else { 200 }, "{reason}");
    reason.to_owned()
}

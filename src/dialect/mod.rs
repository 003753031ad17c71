//! Wire formats to the model and back, and nothing else: no file here takes a decision.
//!
//! | | challenge (402) | payment | receipt |
//! |---|---|---|---|
//! | [`v2`] | `PAYMENT-REQUIRED` header | `PAYMENT-SIGNATURE` header, or body of the office | `PAYMENT-RESPONSE` header |
//! | [`v1`] | JSON body | `X-PAYMENT` header, or body of the office | `X-PAYMENT-RESPONSE` header |
//! | [`mock`] | JSON body | body of the office | JSON body of the office |
//!
//! A new dialect is a new file here, a variant of [`crate::protocol::Dialect`], and a row in this table.
//! [`facilitator`] is the API of those who verify and settle for others. [`words`] says what each calls the reason of a refusal.

pub mod facilitator;
mod header;
pub mod mock;
mod shape;
pub mod v1;
pub mod v2;
pub mod words;

use crate::asset::AssetTable;
use crate::json::{Value, parse};
use crate::protocol::{Dialect, ReceivedChallenge, ReceivedPayment, Refusal};

/// A payment header, in bytes (S24). Real ones have about 1,100.
pub const MAX_HEADER_BYTES: usize = 8 * 1024;
/// A challenge or receipt that our payer reads, header or body, in bytes: servers may offer much.
pub const MAX_CHALLENGE_BYTES: usize = 64 * 1024;
/// A body of the office, in bytes (S24).
pub const MAX_BODY_BYTES: usize = 16 * 1024;

/// A 402 that is none, in any dialect that we read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnreadableChallenge;

impl core::fmt::Display for UnreadableChallenge {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the server asks for a payment in a form that cannot be read")
    }
}

impl core::error::Error for UnreadableChallenge {}

/// Reads the body of a 402 in the dialect that serves us best: an office, where it sells for something that we know.
///
/// # Errors
/// Not a challenge in any dialect that has it in the body.
pub fn read_challenge_body(body: &str, assets: &AssetTable) -> Result<ReceivedChallenge, UnreadableChallenge> {
    if body.len() > MAX_CHALLENGE_BYTES {
        return Err(UnreadableChallenge);
    }
    let document = parse(body).map_err(|_| UnreadableChallenge)?;
    let office = mock::read_challenge(&document, assets);
    match &office {
        Ok(challenge) if !challenge.offers.is_empty() => office,
        _ => v1::read_challenge(&document).or(office),
    }
}

/// Reads the body of `POST /token` in whichever dialect it is. The dialect is told even where the payment is refused,
/// so that the answer can be in it.
///
/// # Errors
/// Anything but one well-formed payment.
pub fn read_office_body(body: &str) -> (Dialect, Result<ReceivedPayment, Refusal>) {
    match parse_office_body(body) {
        Ok(document) => read_office_document(&document),
        Err(refusal) => (Dialect::V2, Err(refusal)),
    }
}

/// The document in the body of `POST /token`.
///
/// # Errors
/// Too much, or not one strict JSON document.
pub fn parse_office_body(body: &str) -> Result<Value, Refusal> {
    if body.len() > MAX_BODY_BYTES {
        return Err(Refusal::TooLarge);
    }
    parse(body).map_err(Refusal::Json)
}

/// [`read_office_body`] from its document.
///
/// # Errors
/// Anything but one well-formed payment.
pub fn read_office_document(document: &Value) -> (Dialect, Result<ReceivedPayment, Refusal>) {
    if document.get("permit").is_some() {
        (Dialect::Mock, mock::read_permit(document))
    } else if document.number("x402Version") == Some(v1::VERSION) {
        (Dialect::V1, v1::read_payment(document))
    } else {
        (Dialect::V2, v2::read_payment(document))
    }
}

//! Wire formats to the model and back, and nothing else: no file here takes a decision.
//!
//! | | challenge (402) | payment | receipt |
//! |---|---|---|---|
//! | [`v2`] | `PAYMENT-REQUIRED` header | `PAYMENT-SIGNATURE` header, or body of the office | `PAYMENT-RESPONSE` header |
//! | [`mock`] | JSON body | body of the office | JSON body of the office |
//!
//! A new dialect is a new file here, a variant of [`crate::protocol::Dialect`], and a row in this table.

pub mod facilitator;
pub mod mock;
mod shape;
pub mod v2;

use crate::json::parse;
use crate::protocol::{Dialect, ReceivedPayment, Refusal};

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

/// Reads the body of `POST /token` in whichever dialect it is. The dialect is told even where the payment is refused,
/// so that the answer can be in it.
///
/// # Errors
/// Anything but one well-formed payment.
pub fn read_office_body(body: &str) -> (Dialect, Result<ReceivedPayment, Refusal>) {
    if body.len() > MAX_BODY_BYTES {
        return (Dialect::V2, Err(Refusal::TooLarge));
    }
    match parse(body).map_err(Refusal::Json) {
        Ok(document) if document.get("permit").is_some() => (Dialect::Mock, mock::read_permit(&document)),
        Ok(document) => (Dialect::V2, v2::read_payment(&document)),
        Err(refusal) => (Dialect::V2, Err(refusal)),
    }
}

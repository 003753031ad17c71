//! The encoding of every x402 header: base64 over one JSON document, in ASCII, so that v1's `atob` reads it too.

use crate::encoding::{base64, bytes_from_base64};
use crate::json::{Value, parse};
use crate::protocol::Refusal;
use crate::spell::Spell as _;
use crate::text::from_utf8;
use alloc::string::String;

/// A document as the value of a header: base64 over ASCII JSON.
#[must_use]
pub fn to_header(document: &Value) -> String {
    base64(document.spell().as_bytes())
}

/// The document in a header.
///
/// # Errors
/// Longer than `max_bytes`, two headers in one, or not base64 of one strict JSON document.
pub fn from_header(header: &str, max_bytes: usize) -> Result<Value, Refusal> {
    if header.len() > max_bytes {
        return Err(Refusal::TooLarge);
    }
    // Repeated headers arrive joined by a comma (S23).
    if header.bytes().any(|byte| byte == b',') {
        return Err(Refusal::Ambiguous);
    }
    let bytes = bytes_from_base64(header).map_err(|_| Refusal::Encoding)?;
    parse(&from_utf8(bytes).ok_or(Refusal::Encoding)?).map_err(Refusal::Json)
}

//! Compact JWS with HS256 ([RFC 7515], [RFC 7519]), under the rules of [RFC 8725].
//!
//! [RFC 7515]: https://www.rfc-editor.org/rfc/rfc7515
//! [RFC 7519]: https://www.rfc-editor.org/rfc/rfc7519
//! [RFC 8725]: https://www.rfc-editor.org/rfc/rfc8725

use super::claims::in_our_spelling;
use super::keyset::TicketKey;
use super::{Keyset, Ticket, TicketError};
use crate::encoding::{base64url, base64url_of_public, bytes_from_base64url, public_from_base64url};
use crate::json::{Object, Value, parse};
use alloc::string::{String, ToString as _};

/// The header that we write.
pub(super) fn header(kid: &str) -> String {
    let header = Object::new().text("alg", "HS256").text("kid", kid).text("typ", "JWT").end();
    base64url_of_public(header.to_string().as_bytes())
}

/// Signs claims.
#[allow(clippy::unnecessary_wraps, reason = "the same signature as the other format's")]
pub(super) fn write(key: &TicketKey, claims: &Value) -> Option<String> {
    let mut text = key.header.clone();
    text.push('.');
    text.push_str(&base64url_of_public(claims.to_string().as_bytes()));
    let tag = key.tag(&[text.as_bytes()]);
    text.push('.');
    text.push_str(&base64url(&tag));
    Some(text)
}

/// Checks the tag, then reads the claims.
pub(super) fn read(keyset: &Keyset, text: &str) -> Result<Ticket, TicketError> {
    let (signed, tag) = text.rsplit_once('.').ok_or(TicketError::Malformed)?;
    let (header, claims) = signed.split_once('.').ok_or(TicketError::Malformed)?;
    // Our own spelling says what its text says; everybody else's is read.
    let key = match keyset.keys.iter().find(|key| key.header == header) {
        Some(key) => key,
        None => key_of(keyset, &document(header)?)?,
    };
    let tag = bytes_from_base64url(tag).map_err(|_| TicketError::Malformed)?;
    if !key.is_tag(&[signed.as_bytes()], &tag) {
        return Err(TicketError::Forged);
    }
    let bytes = public_from_base64url(claims).map_err(|_| TicketError::Malformed)?;
    let text = core::str::from_utf8(&bytes).map_err(|_| TicketError::Malformed)?;
    if let Some((issuer, ticket)) = in_our_spelling(text) {
        return if issuer == keyset.issuer { Ok(ticket) } else { Err(TicketError::Issuer) };
    }
    let claims = parse(text).map_err(|_| TicketError::Malformed)?;
    // `nbf` is not ours, but a ticket that carries one means it.
    if claims.get("nbf").is_some() {
        return Err(TicketError::NotYetValid);
    }
    let (issuer, ticket) = Ticket::from_claims(&claims).ok_or(TicketError::Malformed)?;
    if issuer == keyset.issuer { Ok(ticket) } else { Err(TicketError::Issuer) }
}

/// The key that the header names, if the header is one that we write: `alg` is configuration, and `crit`, `jwk` and
/// their kin are refused by not being known (S32).
fn key_of<'a>(keyset: &'a Keyset, header: &Value) -> Result<&'a TicketKey, TicketError> {
    let members = header.members().ok_or(TicketError::Malformed)?;
    let text = |name: &str| header.get(name).and_then(Value::as_str);
    let known = members.iter().all(|(name, _)| matches!(name.as_str(), "alg" | "kid" | "typ"));
    let typ_is_ours = header.get("typ").is_none() || text("typ") == Some("JWT");
    if text("alg") != Some("HS256") || !known || !typ_is_ours {
        return Err(TicketError::Algorithm);
    }
    let kid = text("kid").ok_or(TicketError::UnknownKey)?;
    keyset.keys.iter().find(|key| key.kid == kid).ok_or(TicketError::UnknownKey)
}

fn document(part: &str) -> Result<Value, TicketError> {
    let bytes = public_from_base64url(part).map_err(|_| TicketError::Malformed)?;
    let text = core::str::from_utf8(&bytes).map_err(|_| TicketError::Malformed)?;
    parse(text).map_err(|_| TicketError::Malformed)
}

//! x402-mock's own format: `base64url({"exp","iat","nonce"}) . base64url(HMAC)`, no header, no other claims.

use super::keyset::TicketKey;
use super::{Keyset, Ticket, TicketError};
use crate::encoding::{base64url, bytes_from_base64url};
use crate::json::{Object, Value, parse};
use alloc::string::{String, ToString as _};

/// Signs with the key of the ticket's scope. The nonce is the start of the ledger's key, so that the same payment gets
/// the same bytes.
pub(super) fn write(scope_key: &TicketKey, ticket: &Ticket) -> Option<String> {
    let id = ticket.id.as_deref()?.get(..32)?;
    let nonce = base16ct::lower::decode_vec(id).ok()?;
    let claims = Object::new()
        .number("exp", ticket.expires_at)
        .number("iat", ticket.issued_at)
        .value("nonce", base64url(&nonce).into())
        .end();
    let mut text = base64url(claims.to_string().as_bytes());
    let tag = scope_key.tag(&[text.as_bytes()]);
    text.push('.');
    text.push_str(&base64url(&tag));
    Some(text)
}

/// Checks the tag with each key's own key for `scope`, then reads the claims.
pub(super) fn read(keyset: &Keyset, text: &str, scope: &str) -> Result<Ticket, TicketError> {
    let (claims, tag) = text.split_once('.').ok_or(TicketError::Malformed)?;
    let tag = bytes_from_base64url(tag).map_err(|_| TicketError::Malformed)?;
    let is_ours = |key: &TicketKey| key.for_mock_scope(scope).is_ok_and(|key| key.is_tag(&[claims.as_bytes()], &tag));
    if !keyset.keys.iter().any(is_ours) {
        return Err(TicketError::Forged);
    }
    let bytes = bytes_from_base64url(claims).map_err(|_| TicketError::Malformed)?;
    let claims = core::str::from_utf8(&bytes).ok().and_then(|text| parse(text).ok()).ok_or(TicketError::Malformed)?;
    let number = |name: &str| claims.get(name).and_then(Value::as_u64).ok_or(TicketError::Malformed);
    Ok(Ticket {
        scope: scope.to_string(),
        payer: None,
        id: None,
        issued_at: number("iat")?,
        expires_at: number("exp")?,
        paid: None,
    })
}

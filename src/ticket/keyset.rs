//! The keys of office and gate: one that signs, any number that still check (S33).

use super::{CLOCK_SKEW, MAX_TICKET_BYTES};
use super::{KeysetError, Ticket, TicketError, jwt, mock};
use alloc::string::String;
use alloc::vec::Vec;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

/// Keys by name, and the gate that they belong to. Cannot be cloned or printed; wiped on drop.
pub struct Keyset {
    pub(super) issuer: String,
    pub(super) keys: Vec<TicketKey>,
    max_ttl: u64,
}

pub(super) struct TicketKey {
    pub(super) kid: String,
    /// The header of every JWT that it signs, as text.
    pub(super) header: String,
    /// The inner and outer state of the MAC, derived once.
    mac: Hmac<Sha256>,
}

impl TicketKey {
    fn new(kid: String, header: String, secret: &[u8]) -> Result<Self, KeysetError> {
        if secret.len() < 32 {
            return Err(KeysetError::ShortSecret);
        }
        let mac = Hmac::new_from_slice(secret).map_err(|_| KeysetError::ShortSecret)?;
        Ok(Self { kid, header, mac })
    }

    /// A key of its own for one scope of x402-mock's format, which names none (S35).
    pub(super) fn for_mock_scope(&self, scope: &str) -> Result<Self, KeysetError> {
        let derived = Zeroizing::new(self.tag(&[b"x402-mock ticket for ", scope.as_bytes()]));
        Self::new(String::new(), String::new(), derived.as_slice())
    }

    pub(super) fn tag(&self, parts: &[&[u8]]) -> [u8; 32] {
        self.fed(parts).finalize().into_bytes().into()
    }

    /// Whether the tag is ours over these parts; in constant time (S34).
    pub(super) fn is_tag(&self, parts: &[&[u8]], tag: &[u8]) -> bool {
        self.fed(parts).verify_slice(tag).is_ok()
    }

    fn fed(&self, parts: &[&[u8]]) -> Hmac<Sha256> {
        let mut mac = self.mac.clone();
        for part in parts {
            mac.update(part);
        }
        mac
    }
}

impl Keyset {
    /// Keys of the gate `issuer`, as `(kid, secret)`; the first signs, all check. No ticket may live longer than
    /// `max_ttl` seconds.
    ///
    /// # Errors
    /// No key, a secret of fewer than 32 bytes, or a bad `kid`.
    pub fn new<'a>(
        issuer: &str,
        keys: impl IntoIterator<Item = (&'a str, &'a [u8])>,
        max_ttl: u64,
    ) -> Result<Self, KeysetError> {
        let mut named: Vec<TicketKey> = Vec::new();
        for (kid, secret) in keys {
            if kid.is_empty() || kid.len() > 64 || named.iter().any(|key| key.kid == kid) {
                return Err(KeysetError::KeyId);
            }
            named.push(TicketKey::new(kid.into(), jwt::header(kid), secret)?);
        }
        if named.is_empty() {
            Err(KeysetError::Empty)
        } else {
            Ok(Self { issuer: issuer.into(), keys: named, max_ttl })
        }
    }

    /// The gate that issues and accepts these tickets: their `iss`.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Writes a ticket as a JWT with the signing key. `None` for a ticket that lacks a claim.
    #[must_use]
    pub fn issue(&self, ticket: &Ticket) -> Option<String> {
        jwt::write(self.keys.first()?, &ticket.to_claims(&self.issuer)?)
    }

    /// Writes a ticket in x402-mock's format, with the signing key of its scope.
    #[must_use]
    pub fn issue_mock(&self, ticket: &Ticket) -> Option<String> {
        mock::write(&self.keys.first()?.for_mock_scope(&ticket.scope).ok()?, ticket)
    }

    /// Checks a ticket that is to open `scope`. `now` in seconds since the epoch.
    ///
    /// # Errors
    /// The first rule that it breaks; its tag is checked before any claim is read (S30).
    #[inline(never)]
    pub fn check(&self, text: &str, scope: &str, now: u64) -> Result<Ticket, TicketError> {
        if text.len() > MAX_TICKET_BYTES {
            return Err(TicketError::TooLarge);
        }
        let (before, _) = text.rsplit_once('.').ok_or(TicketError::Malformed)?;
        let ticket = match before.split_once('.') {
            Some((_, claims)) if claims.contains('.') => return Err(TicketError::Malformed),
            Some(_) => jwt::read(self, text)?,
            None => mock::read(self, text, scope)?,
        };
        if ticket.scope != scope {
            return Err(TicketError::Scope);
        }
        if now >= ticket.expires_at {
            return Err(TicketError::Expired);
        }
        if ticket.issued_at > now.saturating_add(CLOCK_SKEW) {
            return Err(TicketError::NotYetValid);
        }
        if ticket.expires_at.saturating_sub(ticket.issued_at) > self.max_ttl {
            return Err(TicketError::LivesTooLong);
        }
        Ok(ticket)
    }
}

//! Why a ticket does not open the gate, and why a keyset is none.

/// Why a ticket is refused. From outside all of them are a 402; only the code differs (S28).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TicketError {
    /// There is none.
    Missing,
    /// Longer than 2 KiB.
    TooLarge,
    /// Not a ticket in its one spelling.
    Malformed,
    /// Signed with another algorithm, or with a header that we never write.
    Algorithm,
    /// Its `kid` names none of our keys.
    UnknownKey,
    /// Its tag is not ours: forged or damaged.
    Forged,
    /// Another gate's.
    Issuer,
    /// It opens something else.
    Scope,
    /// Its time is over.
    Expired,
    /// Its time has not come.
    NotYetValid,
    /// It lives longer than any ticket of ours.
    LivesTooLong,
    /// The payment behind it failed.
    Revoked,
}

impl TicketError {
    /// Every reason.
    pub const ALL: [Self; 12] = [
        Self::Missing,
        Self::TooLarge,
        Self::Malformed,
        Self::Algorithm,
        Self::UnknownKey,
        Self::Forged,
        Self::Issuer,
        Self::Scope,
        Self::Expired,
        Self::NotYetValid,
        Self::LivesTooLong,
        Self::Revoked,
    ];

    /// The stable code. Part of the public API.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "payment_required",
            Self::TooLarge => "ticket_too_large",
            Self::Malformed => "ticket_malformed",
            Self::Algorithm => "ticket_algorithm",
            Self::UnknownKey => "ticket_key_unknown",
            Self::Forged => "ticket_forged",
            Self::Issuer => "ticket_issuer",
            Self::Scope => "ticket_scope",
            Self::Expired => "ticket_expired",
            Self::NotYetValid => "ticket_not_yet_valid",
            Self::LivesTooLong => "ticket_lives_too_long",
            Self::Revoked => "ticket_revoked",
        }
    }
}

/// A sentence that tells the holder what to do.
impl core::fmt::Display for TicketError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Missing => "Payment required: pay one of the offers, or buy a ticket at the office.",
            Self::Expired => "The ticket has expired: buy a new one.",
            Self::Scope => "The ticket opens something else: buy one for this.",
            Self::Revoked => "The payment behind the ticket failed: pay again.",
            Self::NotYetValid => "The ticket is not valid yet: check the clocks.",
            Self::TooLarge
            | Self::Malformed
            | Self::Algorithm
            | Self::UnknownKey
            | Self::Forged
            | Self::Issuer
            | Self::LivesTooLong => "This is not a ticket of this gate: buy one at the office.",
        })
    }
}

impl core::error::Error for TicketError {}

/// Why keys cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeysetError {
    /// No key at all.
    Empty,
    /// A secret of fewer than 32 bytes (S33).
    ShortSecret,
    /// A `kid` is empty, stands twice, or is longer than 64 bytes.
    KeyId,
}

impl core::fmt::Display for KeysetError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Empty => "tickets need at least one key",
            Self::ShortSecret => "a ticket secret has at least 32 random bytes: openssl rand -base64 32",
            Self::KeyId => "every ticket key has a short kid of its own",
        })
    }
}

impl core::error::Error for KeysetError {}

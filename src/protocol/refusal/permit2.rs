//! Why a payment by Permit2 is not accepted, where x402 has a code of its own for that.

/// What is wrong with a permit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Permit2Refusal {
    /// Signed for another spender than the scheme's proxy.
    Spender,
    /// Signed for another payee.
    Recipient,
    /// Signed for another account to settle it than ours.
    Facilitator,
    /// Expired, or so soon that it could not be cashed.
    Expired,
    /// Not valid yet.
    NotYetValid,
    /// Signed for another amount.
    Value,
    /// Signed for another asset.
    Asset,
    /// Not the payer's signature over exactly this.
    Signature,
    /// Permit2 may not take as much from the payer.
    Allowance,
}

impl Permit2Refusal {
    /// Every reason.
    pub const ALL: [Self; 9] = [
        Self::Spender,
        Self::Recipient,
        Self::Facilitator,
        Self::Expired,
        Self::NotYetValid,
        Self::Value,
        Self::Asset,
        Self::Signature,
        Self::Allowance,
    ];

    /// The stable code, from the x402 vocabulary. Part of the public API.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Spender => "invalid_permit2_spender",
            Self::Recipient => "invalid_permit2_recipient_mismatch",
            Self::Facilitator => "upto_facilitator_mismatch",
            Self::Expired => "permit2_deadline_expired",
            Self::NotYetValid => "permit2_not_yet_valid",
            Self::Value => "permit2_amount_mismatch",
            Self::Asset => "permit2_token_mismatch",
            Self::Signature => "invalid_permit2_signature",
            Self::Allowance => "permit2_allowance_required",
        }
    }

    /// The HTTP status; x402 has one of its own for a missing allowance.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::Allowance => 412,
            _ => 402,
        }
    }

    /// A sentence that tells the payer what to do.
    pub(super) const fn sentence(self) -> &'static str {
        match self {
            Self::Spender => "Sign the permit for x402's proxy of the scheme as its spender.",
            Self::Recipient => "Sign the permit for the payee of the requirements.",
            Self::Facilitator => "Sign the permit for the facilitatorAddress of the requirements.",
            Self::Expired => "The permit has expired or is about to: sign a new one.",
            Self::NotYetValid => "The permit is not valid yet: set validAfter to 0 or check your clock.",
            Self::Value => "Sign the permit for exactly the amount of the requirements.",
            Self::Asset => "Sign the permit for the asset of the requirements.",
            Self::Signature => "The signature is not the payer's over this permit on this chain.",
            Self::Allowance => "Allow Permit2 to take the amount of the asset, then send the same payment again.",
        }
    }
}

//! Why a payment is not accepted: one list, with a stable code, a status and a sentence for each reason.

mod permit2;

use crate::json::JsonError;
pub use permit2::Permit2Refusal;

/// Why a payment is refused. The first group is malformed (400), the second is well-formed and not enough (402).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// Larger than our limits (S24).
    TooLarge,
    /// More than one payment in one request (S23).
    Ambiguous,
    /// Not base64, or not UTF-8 behind it.
    Encoding,
    /// Not one strict JSON document (S12).
    Json(JsonError),
    /// A member is missing, has another type, or does not belong there (S13); the member's name.
    Shape(&'static str),
    /// Another version of the protocol than the header or body is for.
    Version,
    /// A scheme or a method of transfer that nobody here knows.
    Scheme,
    /// A contract wallet's signature, which this gate cannot have checked: it does not ask the chain (S8).
    WrappedSignature,
    /// It answers none of our requirements (S14).
    NoMatch,
    /// Signed for another payee.
    Recipient,
    /// Signed for another amount.
    Value,
    /// Not valid yet; contracts want strictly after.
    NotYetValid,
    /// Expired, or so soon that it could not be cashed.
    Expired,
    /// Valid for longer than we remember payments (S16).
    LivesTooLong,
    /// Not the payer's signature over exactly this.
    Signature,
    /// The wallet is not deployed yet, and nobody here trusts the factory that it names, or can call it (S8).
    Factory,
    /// The chain has no such asset.
    NoAsset,
    /// Used on the chain already, or cancelled there.
    NonceUsed,
    /// The payer does not have that much.
    Balance,
    /// The contracts would refuse the transfer for a reason of their own.
    Simulation,
    /// It has no name where it needs one.
    NoPaymentIdentifier,
    /// Its name is none.
    PaymentIdentifier,
    /// It echoes an extension of the challenge otherwise than that was said.
    ExtensionEcho,
    /// The same and more of a permit.
    Permit2(Permit2Refusal),
}

impl Refusal {
    /// Every reason, one of each, for tables and tests.
    pub const ALL: [Self; 32] = [
        Self::TooLarge,
        Self::Ambiguous,
        Self::Encoding,
        Self::Json(JsonError::Syntax),
        Self::Shape("payload"),
        Self::Version,
        Self::Scheme,
        Self::WrappedSignature,
        Self::NoMatch,
        Self::Recipient,
        Self::Value,
        Self::NotYetValid,
        Self::Expired,
        Self::LivesTooLong,
        Self::Signature,
        Self::Factory,
        Self::NoAsset,
        Self::NonceUsed,
        Self::Balance,
        Self::Simulation,
        Self::NoPaymentIdentifier,
        Self::PaymentIdentifier,
        Self::ExtensionEcho,
        Self::Permit2(Permit2Refusal::Spender),
        Self::Permit2(Permit2Refusal::Recipient),
        Self::Permit2(Permit2Refusal::Facilitator),
        Self::Permit2(Permit2Refusal::Expired),
        Self::Permit2(Permit2Refusal::NotYetValid),
        Self::Permit2(Permit2Refusal::Value),
        Self::Permit2(Permit2Refusal::Asset),
        Self::Permit2(Permit2Refusal::Signature),
        Self::Permit2(Permit2Refusal::Allowance),
    ];

    /// The stable code, from the x402 vocabulary where it has one. Part of the public API.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "payment_too_large",
            Self::Ambiguous => "ambiguous_payment",
            Self::Encoding => "invalid_encoding",
            Self::Json(_) => "invalid_json",
            Self::Shape(_) => "invalid_payload",
            Self::Version => "invalid_x402_version",
            Self::Scheme => "invalid_exact_evm_scheme",
            Self::WrappedSignature => "contract_wallet_not_supported",
            Self::NoMatch => "no_matching_payment_requirements",
            Self::Recipient => "invalid_exact_evm_recipient_mismatch",
            Self::Value => "invalid_exact_evm_payload_authorization_value_mismatch",
            Self::NotYetValid => "invalid_exact_evm_payload_authorization_valid_after",
            Self::Expired => "invalid_exact_evm_payload_authorization_valid_before",
            Self::LivesTooLong => "authorization_lives_too_long",
            Self::Signature => "invalid_exact_evm_signature",
            Self::Factory => "eip6492_factory_not_allowed",
            Self::NoAsset => "asset_not_deployed_contract",
            Self::NonceUsed => "invalid_exact_evm_nonce_already_used",
            Self::Balance => "invalid_exact_evm_insufficient_balance",
            Self::Simulation => "invalid_exact_evm_transaction_simulation_failed",
            Self::NoPaymentIdentifier => "payment_identifier_required",
            Self::PaymentIdentifier => "invalid_payment_identifier",
            Self::ExtensionEcho => "extension_echo_mismatch",
            Self::Permit2(refusal) => refusal.code(),
        }
    }

    /// The HTTP status: 400 and its kin for what is malformed, 402 for a payment that is not enough (S22).
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::TooLarge => 413,
            Self::Permit2(refusal) => refusal.status(),
            Self::Ambiguous
            | Self::Encoding
            | Self::Json(_)
            | Self::Shape(_)
            | Self::Version
            | Self::NoPaymentIdentifier
            | Self::PaymentIdentifier => 400,
            Self::Scheme
            | Self::WrappedSignature
            | Self::NoMatch
            | Self::Recipient
            | Self::Value
            | Self::NotYetValid
            | Self::Expired
            | Self::LivesTooLong
            | Self::Signature
            | Self::Factory
            | Self::NoAsset
            | Self::NonceUsed
            | Self::Balance
            | Self::Simulation
            | Self::ExtensionEcho => 402,
        }
    }
}

/// A sentence that tells the payer what to do.
impl core::fmt::Display for Refusal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::TooLarge => "The payment is too large: send at most 8 KiB in a header and 16 KiB in a body.",
            Self::Ambiguous => "Send one payment in one header.",
            Self::Encoding => "The payment is not UTF-8 text, or its header is not base64 of one.",
            Self::Json(error) => return write!(f, "The payment cannot be read: {error}."),
            Self::Shape(member) => {
                return write!(f, "The payment's `{member}` is missing, malformed or does not belong there.");
            }
            Self::Version => "Send x402Version 2 in PAYMENT-SIGNATURE or 1 in X-PAYMENT, or x402-mock's \"Version 0.1\" to the office.",
            Self::Scheme => "Pay with the scheme and the method of transfer of the requirements.",
            Self::WrappedSignature => {
                "This gate does not ask the chain, so it takes no contract wallet: sign with a key, in 65 bytes."
            }
            Self::NoMatch => "The payment answers none of this route's requirements: read the challenge again.",
            Self::Recipient => "Sign for the payee of the requirements.",
            Self::Value => "Sign for exactly the amount of the requirements.",
            Self::NotYetValid => "The authorization is not valid yet: set validAfter to 0 or check your clock.",
            Self::Expired => "The authorization has expired or is about to: sign a new one.",
            Self::LivesTooLong => "The authorization lives too long: set validBefore to now + maxTimeoutSeconds.",
            Self::Signature => "The signature is not the payer's over these fields in this asset's domain.",
            Self::Factory => "The wallet is not deployed, and this gate does not deploy it: deploy it first.",
            Self::NoAsset => "The chain has no contract at the asset's address: tell the operator.",
            Self::NonceUsed => "The authorization was used or cancelled on the chain: sign a new one.",
            Self::Balance => "The account does not hold the amount: put money into it, or pay from another.",
            Self::Simulation => "The chain would refuse this transfer: pay from another account.",
            Self::NoPaymentIdentifier => {
                "Give the payment a name: extensions[\"payment-identifier\"].info.id, 16 to 128 letters, digits, - and _."
            }
            Self::PaymentIdentifier => "A payment identifier is 16 to 128 letters, digits, hyphens and underscores.",
            Self::ExtensionEcho => "Echo the extensions of the challenge as they came: adding is fine, changing is not.",
            Self::Permit2(refusal) => refusal.sentence(),
        })
    }
}

impl core::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::{Permit2Refusal, Refusal};
    use alloc::collections::BTreeSet;
    use alloc::string::ToString;

    #[test]
    fn s22_every_reason_has_its_own_code_a_4xx_and_a_sentence() {
        let codes: BTreeSet<_> = Refusal::ALL.iter().map(|refusal| refusal.code()).collect();
        assert_eq!(codes.len(), Refusal::ALL.len());
        for refusal in Permit2Refusal::ALL {
            assert!(codes.contains(refusal.code()));
        }
        for refusal in Refusal::ALL {
            assert!((400..500).contains(&refusal.status()), "{refusal:?}");
            assert!(refusal.to_string().ends_with('.'), "{refusal}");
        }
    }
}

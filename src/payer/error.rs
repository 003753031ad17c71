//! Why the payer does not pay, or cannot say whether it did: one list, a stable code and a sentence each.

use super::cap::Cap;
use super::full::IS_FULL;
use super::limit::List;
use crate::spell::Spell;
use alloc::borrow::ToOwned as _;
use alloc::boxed::Box;
use alloc::string::String;
use core::fmt::{Display, Formatter};

/// Why a request fails that the payer carries. Part of the public API through [`Self::code`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PayerError {
    /// An option that does not exist; its path.
    UnknownOption(String),
    /// An option with a value that it cannot have.
    InvalidOption {
        /// Its path, such as `budget.perDay`.
        option: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// An option whose part is not in this build; its name.
    NeedsFullBuild(&'static str),
    /// The saved state was not written by this version: opening it anew would forget what was spent.
    DamagedState,
    /// Neither https nor this machine (S58).
    InsecureOrigin,
    /// The 402 came over a redirect, and the request cannot be sent again to where it led.
    RedirectedChallenge,
    /// A `PAYMENT-REQUIRED` header that says nothing readable.
    UnreadableChallenge,
    /// A text that is no x402 header.
    UnreadableHeader,
    /// The office is not of the origin that asks for the payment (S60).
    ForeignOffice,
    /// The request brings its own `Authorization`, where the ticket would have to be.
    AuthorizationInUse,
    /// The request's body is a stream that is gone.
    BodyNotReplayable,
    /// No offer in a form that this payer can sign.
    NoOffer,
    /// The offer is for a network that is not in `networks`.
    NetworkNotAllowed(String),
    /// The offer is for an asset that is not in our table (S56).
    UnknownAsset(String),
    /// The offer names another EIP-712 domain or more digits than our table has for the asset (S56).
    AssetMismatch,
    /// Permit2 is asked for, and the payer has no option `permit2` (S65).
    Permit2NotAllowed,
    /// Permit2 may not take the amount: the owner said no, or could not be asked.
    AllowanceRefused,
    /// The zero address, or the payer itself.
    InvalidPayee,
    /// The asset or the payee is not on a list of `budget.allow`.
    NotListed(List),
    /// Another payee than before, or than `budget.payees` lists for the origin (S57).
    PayeeChanged,
    /// Above a cap of the budget (S55).
    OverBudget {
        /// Which.
        cap: Cap,
        /// What it costs, in units.
        price: String,
        /// What the cap still allows, in units.
        left: String,
    },
    /// The state could not be saved, so nothing was signed or sent (S62).
    StoreFailed,
    /// The host gave no random bytes.
    NoRandomness,
    /// The wallet did not sign: destroyed, locked, or its owner said no.
    WalletRefused,
    /// The wallet's signature is not the account's over what was asked for (S66). It was not sent.
    WalletSignature,
    /// The office refuses the payment.
    PaymentRefused {
        /// Its code, in its words.
        code: String,
        /// Its sentence.
        message: String,
    },
    /// What the server signed does not bear its offer out, and the payer was told to look.
    SignedOffer(Objection),
    /// What the server signed does not bear its receipt out. Never thrown: it is told with the receipt.
    SignedReceipt(Objection),
    /// A signature left, and nothing tells what became of it (S63).
    OutcomeUnknown,
    /// Paid, and asked to pay again.
    NotHonoured(String),
}

/// What is against something that a server signed, or should have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Objection {
    /// It is not, or not in the form that we read.
    NotSigned,
    /// Nobody signed exactly this.
    Signature,
    /// Another account did than is known to sign for the origin.
    Signer,
    /// Its time is over, or has not come.
    Outdated,
    /// It is about something else.
    Mismatch,
}

impl PayerError {
    /// As it is handed on: one word, so that what it may come instead of stays small. Out of line, because each box made in
    /// place would weigh more than the call.
    #[inline(never)]
    pub(crate) fn boxed(self) -> Box<Self> {
        Box::new(self)
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AllowanceRefused | Self::SignedOffer(_) | Self::SignedReceipt(_) | Self::NotListed(_) if !IS_FULL => {
                ""
            }
            Self::UnknownOption(_) => "unknown_option",
            Self::InvalidOption { .. } => "invalid_option",
            Self::NeedsFullBuild(_) => "needs_full_build",
            Self::DamagedState => "damaged_state",
            Self::InsecureOrigin => "insecure_origin",
            Self::RedirectedChallenge => "redirected_challenge",
            Self::UnreadableChallenge => "unreadable_challenge",
            Self::UnreadableHeader => "unreadable_header",
            Self::ForeignOffice => "foreign_office",
            Self::AuthorizationInUse => "authorization_in_use",
            Self::BodyNotReplayable => "body_not_replayable",
            Self::NoOffer => "no_acceptable_offer",
            Self::NetworkNotAllowed(_) => "network_not_allowed",
            Self::UnknownAsset(_) => "unknown_asset",
            Self::AssetMismatch => "asset_mismatch",
            Self::Permit2NotAllowed => "permit2_not_allowed",
            Self::AllowanceRefused => "allowance_refused",
            Self::InvalidPayee => "invalid_payee",
            Self::NotListed(list) => list.code(),
            Self::PayeeChanged => "payee_changed",
            Self::OverBudget { cap, .. } => cap.code(),
            Self::StoreFailed => "store_failed",
            Self::NoRandomness => "no_randomness",
            Self::WalletRefused => "wallet_refused",
            Self::WalletSignature => "wallet_signature_invalid",
            Self::PaymentRefused { .. } => "payment_refused",
            Self::SignedOffer(Objection::NotSigned) => "offer_not_signed",
            Self::SignedOffer(Objection::Signature) => "offer_signature_invalid",
            Self::SignedOffer(Objection::Signer) => "offer_signer_changed",
            Self::SignedOffer(Objection::Outdated) => "offer_expired",
            Self::SignedOffer(Objection::Mismatch) => "offer_mismatch",
            Self::SignedReceipt(Objection::NotSigned) => "receipt_not_signed",
            Self::SignedReceipt(Objection::Signature) => "receipt_signature_invalid",
            Self::SignedReceipt(Objection::Signer) => "receipt_signer_changed",
            Self::SignedReceipt(Objection::Outdated) => "receipt_outdated",
            Self::SignedReceipt(Objection::Mismatch) => "receipt_mismatch",
            Self::OutcomeUnknown => "payment_outcome_unknown",
            Self::NotHonoured(_) => "payment_not_honoured",
        }
    }

    /// Why a server refuses: our code for its word, or the word itself where we know none.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::PaymentRefused { code, .. } | Self::NotHonoured(code) => Some(code),
            _ => None,
        }
    }

    /// How close an offer came before it failed: of many refused offers the closest one is reported.
    pub(super) const fn closeness(&self) -> u8 {
        match self {
            Self::NetworkNotAllowed(_) => 1,
            Self::UnknownAsset(_) => 2,
            Self::AssetMismatch | Self::Permit2NotAllowed => 3,
            Self::InvalidPayee | Self::PayeeChanged | Self::NotListed(_) => 4,
            Self::OverBudget { .. } => 5,
            Self::SignedOffer(_) => 6,
            _ => 0,
        }
    }
}

impl Objection {
    const fn phrase(self) -> &'static str {
        match self {
            Self::NotSigned => "is not signed",
            Self::Signature => "has a signature that is not one over it",
            Self::Signer => "is signed by another account than is known for this origin",
            Self::Outdated => "is signed for another time",
            Self::Mismatch => "is signed for something else",
        }
    }
}

/// A sentence that tells what to do.
impl Spell for PayerError {
    fn spell(&self) -> String {
        let sentence = match self {
            Self::AllowanceRefused | Self::SignedOffer(_) | Self::SignedReceipt(_) | Self::NotListed(_) if !IS_FULL => {
                ""
            }
            Self::UnknownOption(option) => {
                return ["There is no option `", option, "`: check its spelling."].concat();
            }
            Self::InvalidOption { option, expected } => {
                return ["The option `", option, "` must be ", expected, "."].concat();
            }
            Self::NeedsFullBuild(option) => {
                let rest = "` needs the full build: import everything from `x402-wasm/full`.";
                return ["`", option, rest].concat();
            }
            Self::NetworkNotAllowed(network) => {
                return ["The server wants to be paid on ", network, ": add it to `networks` to allow that."].concat();
            }
            Self::UnknownAsset(asset) => {
                return ["The asset ", asset, " is not known: describe it in `assets` to allow it."].concat();
            }
            Self::OverBudget { cap, price, left } => {
                let cap = cap.name();
                return ["This costs ", price, " and ", cap, " leaves ", left, ": raise it to pay."].concat();
            }
            Self::PaymentRefused { code, message } => {
                return ["The server refuses the payment (", code, "): ", message].concat();
            }
            Self::NotHonoured(code) => {
                return ["Paid, and the server asks to pay again (", code, "): nothing more was signed."].concat();
            }
            Self::SignedOffer(objection) => {
                return ["The server's offer ", objection.phrase(), ": it was not paid."].concat();
            }
            Self::SignedReceipt(objection) => {
                return ["The server's receipt ", objection.phrase(), ": it proves nothing."].concat();
            }
            Self::DamagedState => {
                "The saved state cannot be read: repair or remove it; removing it forgets what was spent."
            }
            Self::InsecureOrigin => "Payments travel over https only: use the https address of this server.",
            Self::RedirectedChallenge => {
                "The request was redirected before it was asked to pay: send it to its final URL."
            }
            Self::UnreadableChallenge => "The server asks for a payment in a form that cannot be read.",
            Self::UnreadableHeader => "The text is not an x402 header: base64 of one JSON document.",
            Self::ForeignOffice => "The server sends the payment to another origin: it was not paid.",
            Self::AuthorizationInUse => {
                "The ticket needs the `Authorization` header, which the request uses: leave it out."
            }
            Self::BodyNotReplayable => {
                "The request's body is a stream that is gone: to pay, pass a string, bytes, a Blob or a form."
            }
            Self::NoOffer => {
                "The server offers no way to pay that this payer knows: `exact` or `upto` on an EVM chain."
            }
            Self::AssetMismatch => "The offer describes the asset otherwise than our table does: it was not paid.",
            Self::Permit2NotAllowed => {
                "The server wants to be paid through Permit2: give the option `permit2` to allow that."
            }
            Self::AllowanceRefused => "Permit2 was not allowed to take the amount: nothing was signed.",
            Self::InvalidPayee => "The offer's payee is the zero address or the payer itself: it was not paid.",
            Self::NotListed(list) => {
                return ["What the offer names is not in `", list.name(), "`: add it there to allow that."].concat();
            }
            Self::PayeeChanged => {
                "The payee is not the one known for this origin: list it in budget.payees if that is right."
            }
            Self::StoreFailed => "The state could not be saved, so nothing was paid: look at the store.",
            Self::NoRandomness => "This host gives no random bytes: call from inside a handler, in a secure context.",
            Self::WalletRefused => "The wallet did not sign: nothing was paid.",
            Self::WalletSignature => {
                "The wallet signed something else or for another account: the signature was not sent."
            }
            Self::OutcomeUnknown => {
                "A payment was sent and its answer was lost: ask again later; the same payment is used then."
            }
        };
        sentence.to_owned()
    }
}

impl Display for PayerError {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.spell())
    }
}

impl core::error::Error for PayerError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payer::limit::OriginCap;
    use alloc::collections::BTreeSet;
    use alloc::string::ToString;
    use alloc::vec::Vec;

    const OBJECTIONS: [Objection; 5] =
        [Objection::NotSigned, Objection::Signature, Objection::Signer, Objection::Outdated, Objection::Mismatch];

    fn every_error() -> Vec<PayerError> {
        let over = |cap| PayerError::OverBudget { cap, price: "2".into(), left: "1".into() };
        Vec::from([
            PayerError::UnknownOption("budget.perWeek".into()),
            PayerError::InvalidOption { option: "networks", expected: "a list" },
            PayerError::NeedsFullBuild("permit2"),
            PayerError::DamagedState,
            PayerError::InsecureOrigin,
            PayerError::RedirectedChallenge,
            PayerError::UnreadableChallenge,
            PayerError::UnreadableHeader,
            PayerError::ForeignOffice,
            PayerError::AuthorizationInUse,
            PayerError::BodyNotReplayable,
            PayerError::NoOffer,
            PayerError::NetworkNotAllowed("eip155:1".into()),
            PayerError::UnknownAsset("0x00".into()),
            PayerError::AssetMismatch,
            PayerError::Permit2NotAllowed,
            PayerError::AllowanceRefused,
            PayerError::InvalidPayee,
            PayerError::NotListed(List::Assets),
            PayerError::NotListed(List::Payees),
            PayerError::PayeeChanged,
            over(Cap::PerPayment),
            over(Cap::PerHour),
            over(Cap::PerDay),
            over(Cap::Total),
            over(Cap::Origin(OriginCap::PerPayment)),
            over(Cap::Origin(OriginCap::PerHour)),
            over(Cap::Origin(OriginCap::PerDay)),
            over(Cap::Origin(OriginCap::Total)),
            over(Cap::Request),
            PayerError::StoreFailed,
            PayerError::NoRandomness,
            PayerError::WalletRefused,
            PayerError::WalletSignature,
            PayerError::PaymentRefused { code: "x".into(), message: "No.".into() },
            PayerError::OutcomeUnknown,
            PayerError::NotHonoured("x".into()),
        ])
        .into_iter()
        .chain(OBJECTIONS.map(PayerError::SignedOffer))
        .chain(OBJECTIONS.map(PayerError::SignedReceipt))
        .collect()
    }

    /// The compiler asks for a new line here, and the number for a new one above.
    fn number_of_codes(error: &PayerError) -> usize {
        match error {
            PayerError::UnknownOption(_)
            | PayerError::InvalidOption { .. }
            | PayerError::NeedsFullBuild(_)
            | PayerError::DamagedState
            | PayerError::InsecureOrigin
            | PayerError::RedirectedChallenge
            | PayerError::UnreadableChallenge
            | PayerError::UnreadableHeader
            | PayerError::ForeignOffice
            | PayerError::AuthorizationInUse
            | PayerError::BodyNotReplayable
            | PayerError::NoOffer
            | PayerError::NetworkNotAllowed(_)
            | PayerError::UnknownAsset(_)
            | PayerError::AssetMismatch
            | PayerError::Permit2NotAllowed
            | PayerError::AllowanceRefused
            | PayerError::InvalidPayee
            | PayerError::NotListed(List::Assets | List::Payees)
            | PayerError::PayeeChanged
            | PayerError::OverBudget {
                cap:
                    Cap::PerPayment
                    | Cap::PerHour
                    | Cap::PerDay
                    | Cap::Total
                    | Cap::Origin(OriginCap::PerPayment | OriginCap::PerHour | OriginCap::PerDay | OriginCap::Total)
                    | Cap::Request,
                ..
            }
            | PayerError::StoreFailed
            | PayerError::NoRandomness
            | PayerError::WalletRefused
            | PayerError::WalletSignature
            | PayerError::PaymentRefused { .. }
            | PayerError::OutcomeUnknown
            | PayerError::SignedOffer(
                Objection::NotSigned
                | Objection::Signature
                | Objection::Signer
                | Objection::Outdated
                | Objection::Mismatch,
            )
            | PayerError::SignedReceipt(_)
            | PayerError::NotHonoured(_) => 47,
        }
    }

    #[test]
    fn every_error_has_its_own_code_and_a_sentence() {
        let errors = every_error();
        let codes: BTreeSet<_> = errors.iter().map(PayerError::code).collect();
        assert_eq!(codes.len(), number_of_codes(&errors[0]));
        let types = include_str!("../../pkg-template/dist/payer/types.d.ts");
        for error in errors {
            assert!(error.to_string().ends_with('.'), "{error}");
            assert!(types.contains(&alloc::format!("| \"{}\"", error.code())), "the types know {}", error.code());
        }
    }
}

//! Our refusals in the words of the stock SDKs: `invalidReason` of `/verify`, `errorReason` of `/settle`.

use crate::ledger::Evidence;
use crate::protocol::Refusal;

/// The stock word for a refusal.
pub(super) const fn stock_reason(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::TooLarge | Refusal::Ambiguous | Refusal::Encoding | Refusal::Json(_) | Refusal::Shape(_) => {
            "invalid_payload"
        }
        Refusal::NoMatch => "invalid_payment_requirements",
        Refusal::WrappedSignature => Refusal::Signature.code(),
        Refusal::LivesTooLong => Refusal::Expired.code(),
        other => other.code(),
    }
}

/// Why a payment that was taken on moved nothing after all.
pub(super) const fn closing_reason(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Cancelled | Evidence::Diverted => "invalid_exact_evm_nonce_already_used",
        Evidence::Expired => Refusal::Expired.code(),
        Evidence::Transferred | Evidence::Reported | Evidence::Refused => "unexpected_settle_error",
    }
}

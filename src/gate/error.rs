//! What the gate answers besides tickets, challenges and refused payments.

/// Why a request is turned away for a reason that is not its payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GateError {
    /// Nothing is sold or free at this path.
    NoSuchRoute,
    /// The office takes `POST` only.
    MethodNotAllowed,
    /// The body did not end in time.
    TooSlow,
    /// A URL longer than 2,048 bytes.
    UrlTooLong,
    /// The office sells no ticket of this name.
    UnknownScope,
    /// The payment bought something else already (S42).
    UsedElsewhere,
    /// Another payment has this name (`payment-identifier`).
    IdentifierConflict,
    /// The payment was used, and its ticket has expired.
    AlreadyUsed,
    /// The transfer that comes before serving would revert now.
    WouldRevert,
    /// The transfer that comes before serving is on its way (S46).
    SettlementPending,
    /// Nothing more is lent, and it cannot be settled first.
    NoCredit,
    /// Not the operator.
    OperatorKey,
    /// The check behind this payment bounced.
    PaymentFailed,
    /// The same payment is being served right now.
    InProgress,
    /// The store did not answer; nothing is known to be lost.
    LedgerUnreachable,
    /// The facilitator did not answer, or not as one.
    FacilitatorUnreachable,
    /// The facilitator does not settle this kind of payment.
    FacilitatorUnsupported,
    /// No node of the chain said anything that can be relied on (S51).
    ChainUnreachable,
    /// A fault of ours.
    Internal,
}

impl GateError {
    /// Every reason.
    pub const ALL: [Self; 19] = [
        Self::NoSuchRoute,
        Self::MethodNotAllowed,
        Self::TooSlow,
        Self::UrlTooLong,
        Self::UnknownScope,
        Self::UsedElsewhere,
        Self::IdentifierConflict,
        Self::AlreadyUsed,
        Self::WouldRevert,
        Self::SettlementPending,
        Self::NoCredit,
        Self::OperatorKey,
        Self::PaymentFailed,
        Self::InProgress,
        Self::LedgerUnreachable,
        Self::FacilitatorUnreachable,
        Self::FacilitatorUnsupported,
        Self::ChainUnreachable,
        Self::Internal,
    ];

    /// The stable code. Part of the public API.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoSuchRoute => "no_such_route",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::TooSlow => "body_too_slow",
            Self::UrlTooLong => "url_too_long",
            Self::UnknownScope => "unknown_scope",
            Self::UsedElsewhere => "payment_used_elsewhere",
            Self::IdentifierConflict => "payment_identifier_conflict",
            Self::AlreadyUsed => "payment_already_used",
            Self::WouldRevert => "transfer_would_revert",
            Self::SettlementPending => "settlement_pending",
            Self::NoCredit => "no_credit",
            Self::OperatorKey => "operator_key_required",
            Self::PaymentFailed => "payment_failed",
            Self::InProgress => "payment_in_progress",
            Self::LedgerUnreachable => "ledger_unreachable",
            Self::FacilitatorUnreachable => "facilitator_unreachable",
            Self::FacilitatorUnsupported => "facilitator_unsupported",
            Self::ChainUnreachable => "chain_unreachable",
            Self::Internal => "internal_error",
        }
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::SettlementPending => 202,
            Self::UnknownScope => 400,
            Self::OperatorKey => 401,
            Self::WouldRevert | Self::AlreadyUsed | Self::PaymentFailed => 402,
            Self::NoSuchRoute => 404,
            Self::MethodNotAllowed => 405,
            Self::TooSlow => 408,
            Self::UsedElsewhere | Self::IdentifierConflict => 409,
            Self::UrlTooLong => 414,
            Self::Internal => 500,
            Self::FacilitatorUnreachable | Self::FacilitatorUnsupported => 502,
            Self::NoCredit | Self::InProgress | Self::LedgerUnreachable | Self::ChainUnreachable => 503,
        }
    }
}

/// A sentence that tells the client what to do.
impl core::fmt::Display for GateError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::NoSuchRoute => "Nothing is served here.",
            Self::MethodNotAllowed => "Send the payment to the office with POST.",
            Self::TooSlow => "The body did not arrive within ten seconds: send it in one go.",
            Self::UrlTooLong => "The URL is longer than 2,048 bytes: shorten it.",
            Self::UnknownScope => "The office sells no such ticket: post to the endpoint that the challenge names.",
            Self::UsedElsewhere => "This payment has bought something else: sign a new one.",
            Self::IdentifierConflict => {
                "Another payment has this identifier: send that one again, or choose a new one."
            }
            Self::AlreadyUsed => "This payment was used and its ticket has expired: sign a new one.",
            Self::WouldRevert => {
                "The transfer would fail now: see that the account holds the money, and send the same payment again."
            }
            Self::SettlementPending => "The payment is being settled: send the same one again, it is charged once.",
            Self::NoCredit => "Earlier payments are not settled yet: send the same payment again in a moment.",
            Self::OperatorKey => "This is for the operator: send the key as `Authorization: Bearer`.",
            Self::PaymentFailed => "This payment could not be cashed: sign a new one.",
            Self::InProgress => "This payment is being served: send the same one again in a second.",
            Self::LedgerUnreachable => "The ledger does not answer: send the same payment again, it is charged once.",
            Self::FacilitatorUnreachable => {
                "The facilitator does not answer: send the same payment again, it is charged once."
            }
            Self::FacilitatorUnsupported => {
                "The facilitator of this gate does not settle such payments: tell its operator."
            }
            Self::ChainUnreachable => "The chain does not answer: send the same payment again in a moment.",
            Self::Internal => "Something broke on our side: send the same payment again, it is charged once.",
        })
    }
}

impl core::error::Error for GateError {}

#[cfg(test)]
mod tests {
    use super::GateError;
    use crate::extension::sign_in::SignInError;
    use crate::protocol::Refusal;
    use crate::ticket::TicketError;
    use alloc::vec::Vec;

    #[test]
    fn s22_no_two_reasons_of_the_gate_share_a_code() {
        let mut codes: Vec<_> = GateError::ALL.map(GateError::code).into();
        codes.extend(Refusal::ALL.map(Refusal::code));
        codes.extend(TicketError::ALL.map(TicketError::code));
        codes.extend(SignInError::ALL.map(SignInError::code));
        let all = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), all);
    }
}

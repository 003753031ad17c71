//! What one look at a payment came to, for the operator's log.

/// Why the settler is done for now. The record, not this, says what is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// The record is closed, or somebody looked at it already.
    NotDue,
    /// A claim's lease had run out; the record is removed.
    Released,
    /// A closed record's time is over; it is removed.
    Forgotten,
    /// Closed: the exact transfer was seen.
    Settled,
    /// Closed: the authorization can never move money.
    Failed,
    /// It waits for others, to share a transaction with them.
    WaitsForOthers,
    /// A transaction is sent.
    Sent,
    /// The transaction is not in a block yet; the same bytes were sent again.
    SentAgain,
    /// It waited too long for a block; another one with its place, and higher fees, was sent.
    Replaced,
    /// Another transaction of the same account waited too long before it, and was replaced.
    WayCleared,
    /// Another transaction has taken its place, not yet below as many blocks as were asked for.
    Displaced,
    /// In a block, not yet below as many others as were asked for.
    Shallow,
    /// Our transaction was reverted; it is tried again after a rest.
    Reverted,
    /// The simulation reverts: no balance, not valid yet, a blocked party.
    WouldRevert,
    /// The nonce is used, and no event tells by whom.
    Unexplained,
    /// The block's base fee is above `maxFeePerGas`.
    FeeTooHigh,
    /// The node refused the transaction: the relayer's account cannot pay for gas.
    NoGasMoney,
    /// The node refused the transaction.
    SendRefused,
    /// The node is of another chain than the payment.
    WrongChain,
    /// The node did not answer, or not with 2xx.
    RpcUnreachable,
    /// The node answered something that cannot be relied on.
    RpcUnusable,
    /// Closed: the facilitator reports the transfer, and no chain was asked.
    Reported,
    /// The facilitator has sent it, and its outcome is not known yet.
    Pending,
    /// The facilitator refused it.
    FacilitatorRefused,
    /// The facilitator did not answer, or not with an answer of `/settle`.
    FacilitatorUnclear,
    /// The facilitator reports success without a transaction, or that of another payment.
    FacilitatorContradicts,
    /// The record was sold for another settler: it holds nothing that a facilitator could be asked with.
    NotForFacilitator,
    /// The window is over, and nobody can say what became of it.
    GivenUp,
    /// The gate that sold it is not served here, or cashes nothing.
    NoSettler,
    /// Somebody else changed the record first.
    Moved,
    /// The ledger did not answer; an alarm comes again.
    LedgerUnreachable,
}

impl Finding {
    /// Every finding.
    pub const ALL: [Self; 31] = [
        Self::NotDue,
        Self::Released,
        Self::Forgotten,
        Self::Settled,
        Self::Failed,
        Self::WaitsForOthers,
        Self::Sent,
        Self::SentAgain,
        Self::Replaced,
        Self::WayCleared,
        Self::Displaced,
        Self::Shallow,
        Self::Reverted,
        Self::WouldRevert,
        Self::Unexplained,
        Self::FeeTooHigh,
        Self::NoGasMoney,
        Self::SendRefused,
        Self::WrongChain,
        Self::RpcUnreachable,
        Self::RpcUnusable,
        Self::Reported,
        Self::Pending,
        Self::FacilitatorRefused,
        Self::FacilitatorUnclear,
        Self::FacilitatorContradicts,
        Self::NotForFacilitator,
        Self::GivenUp,
        Self::NoSettler,
        Self::Moved,
        Self::LedgerUnreachable,
    ];

    /// Another node may know better.
    pub(super) const fn is_of_the_node(self) -> bool {
        matches!(
            self,
            Self::RpcUnreachable | Self::RpcUnusable | Self::WrongChain | Self::Unexplained | Self::SendRefused
        )
    }

    /// The node has seen the transaction and did not take it.
    pub(super) const fn is_a_refusal(self) -> bool {
        matches!(self, Self::NoGasMoney | Self::SendRefused)
    }

    /// The stable code. Part of the public API.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotDue => "not_due",
            Self::Released => "released",
            Self::Forgotten => "forgotten",
            Self::Settled => "settled",
            Self::Failed => "failed",
            Self::WaitsForOthers => "waits_for_others",
            Self::Sent => "sent",
            Self::SentAgain => "sent_again",
            Self::Replaced => "replaced_with_higher_fee",
            Self::WayCleared => "way_cleared",
            Self::Displaced => "place_taken",
            Self::Shallow => "too_few_confirmations",
            Self::Reverted => "transaction_reverted",
            Self::WouldRevert => "simulation_reverts",
            Self::Unexplained => "nonce_used_without_trace",
            Self::FeeTooHigh => "base_fee_above_limit",
            Self::NoGasMoney => "relayer_out_of_gas_money",
            Self::SendRefused => "transaction_refused",
            Self::WrongChain => "rpc_of_another_chain",
            Self::RpcUnreachable => "rpc_unreachable",
            Self::RpcUnusable => "rpc_unusable",
            Self::Reported => "facilitator_reports_transfer",
            Self::Pending => "settlement_pending",
            Self::FacilitatorRefused => "facilitator_refused",
            Self::FacilitatorUnclear => "facilitator_unclear",
            Self::FacilitatorContradicts => "facilitator_contradicts",
            Self::NotForFacilitator => "not_for_facilitator",
            Self::GivenUp => "given_up",
            Self::NoSettler => "no_settler",
            Self::Moved => "record_moved",
            Self::LedgerUnreachable => "ledger_unreachable",
        }
    }
}

impl core::fmt::Display for Finding {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::NotDue => "nothing to do for this payment now",
            Self::Released => "the claim's lease had run out; the payment may be presented again",
            Self::Forgotten => "the record's time is over",
            Self::Settled => "the transfer is on the chain",
            Self::Failed => "the authorization can never move money any more",
            Self::WaitsForOthers => "waits for other checks, to be cashed together with them",
            Self::Sent => "the transaction is sent",
            Self::SentAgain => "the transaction is not in a block yet and was sent again",
            Self::Replaced => "the transaction waited too long for a block; one that pays more was sent in its place",
            Self::WayCleared => {
                "a transaction before it waited too long, or was lost; an empty one was sent in its place"
            }
            Self::Displaced => "another transaction took its place; once that is final another one follows",
            Self::Shallow => "the transaction is in a block and waits for more confirmations",
            Self::Reverted => "the transaction was reverted; another one follows after a rest",
            Self::WouldRevert => "the transfer would revert now; does the payer still hold the money?",
            Self::Unexplained => "the nonce is used, but no event shows by whom; does the node keep old logs?",
            Self::FeeTooHigh => "gas costs more than maxFeePerGas allows; raise it, or wait",
            Self::NoGasMoney => "the relayer's account cannot pay for gas; send it some of the chain's currency",
            Self::SendRefused => "the node refused the transaction",
            Self::WrongChain => "the rpc url leads to another chain than the payment's",
            Self::RpcUnreachable => "the node behind the rpc url did not answer with success",
            Self::RpcUnusable => "the node answered something else than batched JSON-RPC asks for",
            Self::Reported => "the facilitator reports the transfer; give it an rpc to have that checked",
            Self::Pending => "the facilitator has sent it and does not know its outcome yet",
            Self::FacilitatorRefused => {
                "the facilitator refused the payment; it is asked again until the window is over"
            }
            Self::FacilitatorUnclear => "the facilitator did not answer, or not with an answer of /settle",
            Self::FacilitatorContradicts => {
                "the facilitator reports success without a transaction, or of another payment"
            }
            Self::NotForFacilitator => {
                "the payment was sold for another settler; configure that one until it is cashed"
            }
            Self::GivenUp => "the window is over, and without an rpc nobody can say what became of the payment",
            Self::NoSettler => "no gate here cashes it; was tickets.issuer renamed, or settle taken away?",
            Self::Moved => "somebody else changed the record first",
            Self::LedgerUnreachable => "the ledger did not answer",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeSet;

    #[test]
    fn codes_are_unique() {
        let codes: BTreeSet<_> = Finding::ALL.iter().map(|finding| finding.code()).collect();
        assert_eq!(codes.len(), Finding::ALL.len());
    }
}

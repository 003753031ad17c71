//! Where a transaction stands in its account's line, and what helps it into a block.
//!
//! | its place | then |
//! |---|---|
//! | is the next, and a block was made that did not take it for [`PATIENCE`] | the same again with higher fees, at the same place |
//! | lies behind one that the node does not know, and has rested | an empty transaction fills the gap |
//! | lies behind one that found no block for [`BLOCKED`] | an empty transaction with higher fees takes that one's place |
//! | otherwise | the same bytes are sent again |
//!
//! So there is never more than one transaction that could be carried out for one check: what replaces it has its place.
//! Time has to pass by our clock and by the chain's blocks: where none are made higher fees help nobody.

use super::chain::{Block, read_block, read_quantity};
use super::decide::read;
use super::fees::Fees;
use super::rpc::Answer;
use super::transaction::Terms;
use super::{Finding, Relayer};
use crate::ledger::Transaction;

/// How long a transaction that is next may wait before its fees are raised, in seconds: five blocks of a rollup, one of
/// Ethereum.
pub(super) const PATIENCE: u64 = 10;
/// How long one may wait behind another before that is replaced. Whoever looks after that one raises its fees first.
const BLOCKED: u64 = 60;
/// Before a missing transaction is missed, or a reverted one made anew: nodes learn of things one after the other.
const REST: u64 = 15;

/// How the relayer's account stands on the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) head: Block,
    /// How many of its transactions are in blocks.
    pub(super) mined: u64,
    /// How many are in blocks or wait, without a gap.
    pub(super) pending: u64,
    /// What is usual, in wei per gas.
    pub(super) tip: u64,
}

/// What helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Help {
    /// The same bytes once more.
    SendAgain,
    /// The same at the same place, for more.
    Raise(Fees),
    /// An empty transaction at this place, then the same bytes once more.
    Clear(u64, Fees),
    /// Nothing: gas costs more than is allowed.
    TooDear,
}

impl Line {
    /// Reads the answers to the questions for head, counts and tip.
    pub(super) fn read(answers: &[Answer; 4]) -> Result<Self, Finding> {
        let [head, mined, pending, tip] = answers;
        let (mined, pending) = (read(mined, read_quantity)?, read(pending, read_quantity)?);
        Ok(Self { head: read(head, read_block)?, mined, pending, tip: read(tip, read_quantity)? })
    }
}

/// Whether it was sent so long ago that what is seen of it can be relied on.
pub(super) const fn has_rested(transaction: &Transaction, now: u64) -> bool {
    now >= transaction.sent_at.saturating_add(REST)
}

impl Relayer {
    /// What to do about a transaction that is in no block, and whose place is not taken.
    pub(super) fn help(&self, transaction: &Transaction, line: Line, now: u64) -> Help {
        let Line { head, mined, pending, tip } = line;
        let limit = self.config().max_fee_per_gas;
        let Some(offer) = Fees::offer(head, tip, limit) else { return Help::TooDear };
        let has_waited = |seconds| head.timestamp.min(now) >= transaction.sent_at.saturating_add(seconds);
        if mined < transaction.nonce {
            // Higher than whatever could not pay the base fee there.
            let higher = Fees { tip: tip.saturating_mul(2).saturating_add(1).min(offer.most), ..offer };
            return if pending < transaction.nonce && has_rested(transaction, now) {
                Help::Clear(pending, offer)
            } else if pending >= transaction.nonce && has_waited(BLOCKED) {
                Help::Clear(mined, higher)
            } else {
                Help::SendAgain
            };
        }
        let raised = Terms::of(transaction).and_then(|terms| offer.above(terms.fees, limit));
        raised.filter(|_| has_waited(PATIENCE)).map_or(Help::SendAgain, Help::Raise)
    }
}

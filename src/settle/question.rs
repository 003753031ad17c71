//! What is asked of the chain, one batch at a time.

use super::chain::{self, At, Block};
use super::rpc::Call;
use super::{Relayer, method, trace};
use crate::ledger::{Entry, Transaction};
use alloc::vec;
use alloc::vec::Vec;

/// A question to the chain, together with what its answer is weighed against.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// What became of our transaction?
    Follow(Transaction),
    /// Was its place taken by another one in this block already, which can be abandoned no more?
    Displaced(u64),
    /// Can a transaction be sent, and on which terms?
    Prepare,
    /// Which transaction used the nonce? Asked backwards from block `to` down to block `from`.
    Search(Search),
    /// Is one of these transactions the one? Permit2 writes no event that says so.
    Identify { search: Search, suspects: Vec<[u8; 32]> },
    /// Did that transaction pay us?
    Witness { head: Block, hash: [u8; 32] },
    /// Was the nonce still unused when the window was over? `searched`: its use left no trace that pays us.
    Expiry { block: u64, searched: bool },
}

/// How far a search has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Search {
    pub(super) head: Block,
    pub(super) from: u64,
    pub(super) to: u64,
    /// The block in which the payer withdrew the nonce, or what was left of it.
    pub(super) withdrawn: Option<u64>,
}

/// Nodes refuse to search longer ranges at once.
const SPAN: u64 = 2_000;
const SPANS_PER_BATCH: usize = 5;

impl Question {
    pub(super) fn calls(&self, relayer: &Relayer, entry: &Entry) -> Vec<Call> {
        let state = |at| chain::simulate(&method::nonce_state(entry), None, at);
        match self {
            Self::Follow(transaction) => vec![
                state(At::Latest),
                chain::block(At::Latest),
                chain::transaction_count(relayer.address(), At::Latest),
                chain::transaction_count(relayer.address(), At::Pending),
                chain::priority_fee(),
                chain::receipt(&transaction.hash),
            ],
            Self::Displaced(block) => vec![chain::transaction_count(relayer.address(), At::Block(*block))],
            Self::Prepare => {
                let call = method::cash(entry);
                vec![
                    state(At::Latest),
                    chain::block(At::Latest),
                    chain::transaction_count(relayer.address(), At::Pending),
                    chain::priority_fee(),
                    chain::gas_of(relayer.address(), &call),
                ]
            }
            Self::Search(Search { from, to, .. }) => {
                spans(*from, *to).take(SPANS_PER_BATCH).flat_map(|span| trace::calls(entry, span)).collect()
            }
            Self::Identify { suspects, .. } => suspects.iter().map(chain::transaction).collect(),
            Self::Witness { hash, .. } => vec![chain::receipt(hash)],
            // The state of that very block: one of a node that lags behind would not show a late transfer.
            Self::Expiry { block, .. } => vec![state(At::Block(*block)), chain::block(At::Block(*block))],
        }
    }
}

impl Search {
    /// The search that follows when this batch found nothing; `None` at its end.
    pub(super) fn further_back(self) -> Option<Self> {
        let (_, to) = spans(self.from, self.to).nth(SPANS_PER_BATCH)?;
        Some(Self { to, ..self })
    }
}

/// Cuts a range of blocks, both ends included, into spans; the latest first.
fn spans(from: u64, to: u64) -> impl Iterator<Item = (u64, u64)> {
    let below = move |to: u64| (to >= from).then(|| (to.saturating_sub(SPAN.saturating_sub(1)).max(from), to));
    core::iter::successors(below(to), move |(low, _)| below(low.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s49_spans_cover_every_block_once() {
        assert_eq!(spans(0, 0).collect::<Vec<_>>(), [(0, 0)]);
        assert_eq!(spans(7, 6).next(), None);
        assert_eq!(spans(0, 1_999).collect::<Vec<_>>(), [(0, 1_999)]);
        assert_eq!(spans(10, 4_010).collect::<Vec<_>>(), [(2_011, 4_010), (11, 2_010), (10, 10)]);
    }

    #[test]
    fn s49_a_search_goes_on_where_the_last_batch_ended() {
        let head = Block { number: 25_000, timestamp: 0, base_fee: 0 };
        let search = |to| Search { head, from: 0, to, withdrawn: Some(7) };
        assert_eq!(search(25_000).further_back(), Some(search(15_000)));
        assert_eq!(search(9_999).further_back(), None);
        assert_eq!(search(10_000).further_back(), Some(search(0)));
    }
}

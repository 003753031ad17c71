//! Several nodes of one chain, any of which may be away, slow or wrong.
//!
//! A look at a payment asks one of them. Where that says nothing of use the look begins anew at the next: it starts from
//! the record and the chain alone. Looks take turns, so that a node that hides something, such as a transaction that it
//! never passed on, hides it from every other look only. Who failed rests for a minute, because waiting for it costs time.

use super::rpc::{self, Answer, Call, mentions};
use super::{Finding, SettleOutcome, chain};
use crate::http::{HttpAnswer, HttpRequest};
use crate::network::Network;
use alloc::string::String;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicU64, Ordering};

/// More are of no use, and a turn remembers each in one bit.
pub(super) const MOST_NODES: usize = 10;

/// How long a node is left alone after it failed, in seconds.
const REST: u64 = 60;
/// Patience with one of several; with one alone it is that of the port.
const TIMEOUT_MS: u32 = 5_000;
const TIMEOUT_ALONE_MS: u32 = 10_000;
/// More than the largest receipt or block that we ask for.
const MAX_BODY_BYTES: usize = 4 << 20;

/// The nodes of a relayer.
pub(super) struct Nodes {
    urls: Vec<String>,
    /// Until when each rests. May be forgotten: then somebody waits once more.
    rests_until: Vec<AtomicU64>,
}

/// Which node is asked, and which were asked already in this look, one bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Turn {
    node: usize,
    asked: u16,
}

impl Nodes {
    pub(super) fn new(urls: Vec<String>) -> Self {
        let rests_until = urls.iter().map(|_| AtomicU64::new(0)).collect();
        Self { urls, rests_until }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.urls.is_empty()
    }

    /// The turn of a payment's next look.
    pub(super) fn turn(&self, look: u32, now: u64) -> Turn {
        let count = u32::try_from(self.urls.len()).unwrap_or(1);
        let first = usize::try_from(look.checked_rem(count).unwrap_or(0)).unwrap_or(0);
        self.choose(first, 0, now).unwrap_or(Turn { node: 0, asked: 1 })
    }

    /// The turn after one that came to nothing: `None` where all were asked. A node that did not even answer rests.
    pub(super) fn after(&self, turn: Turn, finding: Finding, now: u64) -> Option<Turn> {
        if !finding.is_of_the_node() {
            return None;
        }
        if finding != Finding::Unexplained
            && let Some(rests_until) = self.rests_until.get(turn.node)
        {
            rests_until.store(now.saturating_add(REST), Ordering::Relaxed);
        }
        self.choose(turn.node, turn.asked, now)
    }

    /// The first from `first` on that was not asked yet; who rests comes last.
    fn choose(&self, first: usize, asked: u16, now: u64) -> Option<Turn> {
        let all = || (0..self.urls.len()).cycle().skip(first).take(self.urls.len());
        let open = |node: &usize| asked >> node & 1 == 0;
        let is_up =
            |node: &usize| self.rests_until.get(*node).is_some_and(|until| until.load(Ordering::Relaxed) <= now);
        let node = all().filter(open).find(is_up).or_else(|| all().find(open))?;
        Some(Turn { node, asked: asked | 1 << node })
    }

    /// One request for all calls.
    pub(super) fn request(&self, turn: Turn, calls: &[Call]) -> HttpRequest {
        let url = self.urls.get(turn.node).map_or("", |url| url);
        let patience = if self.urls.len() > 1 { TIMEOUT_MS } else { TIMEOUT_ALONE_MS };
        rpc::request_within(url, calls, patience, MAX_BODY_BYTES)
    }

    /// The same, with the question for the chain's id: a node may be exchanged behind its URL at any time.
    pub(super) fn checked_request(&self, turn: Turn, mut calls: Vec<Call>) -> HttpRequest {
        calls.push(chain::chain_id());
        self.request(turn, &calls)
    }
}

/// The answers to a checked request's `count` calls, if they are about this network.
pub(super) fn checked_answers(outcome: SettleOutcome, network: Network, count: usize) -> Result<Vec<Answer>, Finding> {
    let mut answers = answers(outcome, count.saturating_add(1))?;
    let chain_id = answers.pop().and_then(Result::ok).as_ref().and_then(chain::read_quantity);
    match chain_id.ok_or(Finding::RpcUnusable)? {
        id if id == network.chain_id() => Ok(answers),
        _ => Err(Finding::WrongChain),
    }
}

pub(super) fn answers(outcome: SettleOutcome, count: usize) -> Result<Vec<Answer>, Finding> {
    match outcome {
        SettleOutcome::Http(Ok(HttpAnswer { status: 200..300, body, .. })) => {
            rpc::read(&body, count).ok_or(Finding::RpcUnusable)
        }
        _ => Err(Finding::RpcUnreachable),
    }
}

/// What a node makes of the last of `count` transactions that it was sent.
pub(super) fn reception(outcome: SettleOutcome, count: usize) -> Result<(), Finding> {
    match answers(outcome, count)?.pop() {
        Some(Err(message)) => refusal(&message).map_or(Ok(()), Err),
        _ => Ok(()),
    }
}

/// Why a node did not take a transaction, where it is not that it has it already, that its place is taken, or that the
/// base fee has risen meanwhile: those the next look explains.
fn refusal(message: &str) -> Option<Finding> {
    let explained = [
        "already known",
        "alreadyknown",
        "already imported",
        "known transaction",
        "nonce too low",
        "less than block base fee",
    ];
    if explained.iter().any(|words| mentions(message, words)) {
        None
    } else if mentions(message, "insufficient funds") {
        Some(Finding::NoGasMoney)
    } else {
        Some(Finding::SendRefused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString as _;
    use alloc::vec;

    /// As go-ethereum, anvil, Erigon, Nethermind and Besu write them.
    #[test]
    fn s46_a_node_that_has_a_transaction_already_refuses_nothing() {
        for message in [
            "already known",
            "AlreadyKnown",
            "transaction already imported",
            "Known transaction",
            "nonce too low: next nonce 5, tx nonce 4",
            "max fee per gas less than block base fee: address 0x70, maxFeePerGas: 5, baseFee: 50",
            "fee cap less than block base fee",
        ] {
            assert_eq!(refusal(message), None, "{message}");
        }
        for message in ["insufficient funds for gas * price + value", "Insufficient funds for gas * price + value"] {
            assert_eq!(refusal(message), Some(Finding::NoGasMoney), "{message}");
        }
        for message in ["replacement transaction underpriced", "rate limit reached", ""] {
            assert_eq!(refusal(message), Some(Finding::SendRefused), "{message}");
        }
    }

    fn three() -> Nodes {
        Nodes::new(vec!["a".to_string(), "b".to_string(), "c".to_string()])
    }

    /// The nodes that a look asks, each of which comes to `finding`.
    fn asked(nodes: &Nodes, look: u32, finding: Finding, now: u64) -> Vec<usize> {
        core::iter::successors(Some(nodes.turn(look, now)), |turn| nodes.after(*turn, finding, now))
            .map(|turn| turn.node)
            .collect()
    }

    #[test]
    fn s51_a_look_asks_every_node_once_and_looks_take_turns() {
        assert_eq!(asked(&three(), 0, Finding::Unexplained, 7), [0, 1, 2]);
        assert_eq!(asked(&three(), 4, Finding::WrongChain, 7), [1, 2, 0]);
        assert_eq!(asked(&three(), 0, Finding::WouldRevert, 7), [0], "that is no fault of the node's");
        assert_eq!(asked(&Nodes::new(vec!["a".to_string()]), 9, Finding::RpcUnreachable, 7), [0]);
    }

    #[test]
    fn s51_who_failed_comes_last_for_a_minute() {
        let nodes = three();
        let first = nodes.turn(0, 100);
        nodes.after(first, Finding::RpcUnreachable, 100);
        assert_eq!(asked(&nodes, 0, Finding::Unexplained, 159), [1, 2, 0]);
        assert_eq!(nodes.turn(0, 160).node, 0);
        asked(&nodes, 1, Finding::RpcUnreachable, 200);
        assert_eq!(asked(&nodes, 2, Finding::Unexplained, 210), [2, 0, 1], "all of them failed: in turn");
    }
}

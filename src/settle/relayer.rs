//! The machine: steps out, outcomes in, and the ledger before every effect.

use super::aside::is_to_go;
use super::decide::{Decision, look_again_at};
use super::handover::hand_over;
use super::question::Question;
use super::rpc::{self, Answer, mentions};
use super::{FacilitatorClient, Finding, RelayerConfig, chain};
use crate::address::Address;
use crate::amount::Amount;
use crate::http::{HttpAnswer, HttpFault, HttpRequest};
use crate::ledger::{Entry, LedgerOp, LedgerOutcome, Stored};
use crate::network::Network;
use crate::signature::SecretKey;
use alloc::vec::Vec;

/// Cashes checks with a key of its own, which pays for gas and owns nothing else.
///
/// Its runtime must cash one record at a time per key, and no other program may send with that key: the next place
/// in the key's sequence is asked of the chain, and two who ask at once get the same (S52). Should that happen
/// nevertheless, no money is lost: one of the two transactions is replaced, seen as such, and made anew.
///
/// Or it leaves the sending to a facilitator. All that is asked of the chain then is the same; without a chain to
/// ask, the facilitator's word is taken, and recorded as such.
pub struct Relayer {
    config: RelayerConfig,
    sender: Sender,
}

/// Who sends the transactions.
enum Sender {
    Key(SecretKey),
    Facilitator(FacilitatorClient),
}

/// What the runtime is asked to do. It does it and hands the outcome and `then` to [`Relayer::resume`].
#[derive(Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "the whole port")]
pub enum SettleStep {
    /// Send this; answered with [`SettleOutcome::Http`].
    Http {
        /// Batched JSON-RPC.
        request: HttpRequest,
        /// The continuation.
        then: Cashing,
    },
    /// Carry out one operation on the store; answered with [`SettleOutcome::Ledger`].
    Ledger {
        /// The operation.
        op: LedgerOp,
        /// The continuation.
        then: Cashing,
    },
    /// Nothing more for now. The record says when to look again.
    Done(Finding),
}

/// What became of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "the whole port")]
pub enum SettleOutcome {
    /// The answer to a request, or why there is none.
    Http(Result<HttpAnswer, HttpFault>),
    /// The store's answer.
    Ledger(LedgerOutcome),
}

/// Where a look at a payment stands between two steps. May be dropped at any time: the record holds all that matters.
#[derive(Debug, PartialEq, Eq)]
pub struct Cashing {
    stored: Stored,
    stage: Stage,
}

#[derive(Debug, PartialEq, Eq)]
enum Stage {
    Asked(Question),
    /// The record is being written; only then may the bytes be sent.
    Writing {
        send: Option<Vec<u8>>,
        finding: Finding,
    },
    Sending(Finding),
}

impl Relayer {
    /// A relayer from its parts.
    #[must_use]
    pub const fn new(config: RelayerConfig, key: SecretKey) -> Self {
        Self { config, sender: Sender::Key(key) }
    }

    /// One that asks a facilitator to send, and the chain, where `rpc` is not empty, what came of it.
    #[must_use]
    pub const fn through(facilitator: FacilitatorClient, config: RelayerConfig) -> Self {
        Self { config, sender: Sender::Facilitator(facilitator) }
    }

    /// The account that pays for gas; the zero address where that is a facilitator's affair.
    #[must_use]
    pub const fn address(&self) -> Address {
        match &self.sender {
            Sender::Key(key) => key.address(),
            Sender::Facilitator(_) => Address::ZERO,
        }
    }

    pub(super) const fn key(&self) -> Option<&SecretKey> {
        match &self.sender {
            Sender::Key(key) => Some(key),
            Sender::Facilitator(_) => None,
        }
    }

    /// Without it a facilitator's word is all there is.
    pub(super) const fn sees_the_chain(&self) -> bool {
        !self.config.rpc.is_empty()
    }

    /// Looks at a record. `now` is in seconds since the epoch. A record that is not due is left alone, so that an
    /// alarm may ring twice.
    #[must_use]
    pub fn begin(&self, stored: Stored, now: u64) -> SettleStep {
        let entry = &stored.entry;
        if entry.due_at().is_none_or(|due_at| due_at > now) {
            return SettleStep::Done(Finding::NotDue);
        }
        if let Some(finding) = is_to_go(entry, now) {
            let op = LedgerOp::Remove { key: entry.key(), expected: stored.version };
            let stage = Stage::Writing { send: None, finding };
            return SettleStep::Ledger { op, then: Cashing { stored, stage } };
        }
        if entry.state().is_final() {
            return SettleStep::Done(Finding::NotDue);
        }
        if entry.amount() == Amount::ZERO
            && let Ok(waived) = entry.clone().waived(now)
        {
            return write(waived, stored.version, None, Finding::Settled);
        }
        if !self.sees_the_chain() {
            return hand_over(stored, now);
        }
        let question = entry.transaction().cloned().map_or(Question::Prepare, Question::Follow);
        self.ask(stored, question)
    }

    /// Goes on with the outcome of a step. `now` is in seconds since the epoch.
    #[must_use]
    pub fn resume(&self, cashing: Cashing, outcome: SettleOutcome, now: u64) -> SettleStep {
        let Cashing { stored, stage } = cashing;
        match stage {
            Stage::Asked(question) => {
                let count = question.calls(self, &stored.entry).len();
                let decided = checked_answers(outcome, stored.entry.network(), count)
                    .and_then(|answers| self.decide(&stored.entry, question, &answers, now));
                match decided {
                    Ok(Decision::Ask(question)) => self.ask(stored, question),
                    Ok(Decision::HandOver) => hand_over(stored, now),
                    Ok(Decision::Write { entry, send, finding }) => write(entry, stored.version, send, finding),
                    Err(finding) => lose_sight(stored, finding, now),
                }
            }
            Stage::Writing { send, finding } => match outcome {
                SettleOutcome::Ledger(LedgerOutcome::Written(version)) => match send {
                    Some(raw) => {
                        let request = match &self.sender {
                            Sender::Key(_) => rpc::request(&self.config.rpc, &[chain::send(&raw)]),
                            Sender::Facilitator(facilitator) => facilitator.settle(&stored.entry),
                        };
                        let then = Cashing { stored: Stored { version, ..stored }, stage: Stage::Sending(finding) };
                        SettleStep::Http { request, then }
                    }
                    None => SettleStep::Done(finding),
                },
                SettleOutcome::Ledger(LedgerOutcome::Moved) => SettleStep::Done(Finding::Moved),
                // Whether it was written is not known: nothing may be sent.
                _ => SettleStep::Done(Finding::LedgerUnreachable),
            },
            Stage::Sending(_) if self.key().is_none() => self.weigh(stored, outcome, now),
            Stage::Sending(finding) => match answers(outcome, 1) {
                Ok(answers) => match answers.into_iter().find_map(Result::err).as_deref().and_then(refusal) {
                    Some(refused) => write(stored.entry, stored.version, None, refused),
                    None => SettleStep::Done(finding),
                },
                Err(failure) => lose_sight(stored, failure, now),
            },
        }
    }

    pub(super) const fn config(&self) -> &RelayerConfig {
        &self.config
    }

    /// Each question goes out with that for the chain's id: a node may be exchanged behind its URL at any time.
    fn ask(&self, stored: Stored, question: Question) -> SettleStep {
        let mut calls = question.calls(self, &stored.entry);
        calls.push(chain::chain_id());
        let request = rpc::request(&self.config.rpc, &calls);
        SettleStep::Http { request, then: Cashing { stored, stage: Stage::Asked(question) } }
    }
}

/// The answers to a question's `count` calls, if they are about this network.
pub(super) fn checked_answers(outcome: SettleOutcome, network: Network, count: usize) -> Result<Vec<Answer>, Finding> {
    let mut answers = answers(outcome, count.saturating_add(1))?;
    let chain_id = answers.pop().and_then(Result::ok).as_ref().and_then(chain::read_quantity);
    match chain_id.ok_or(Finding::RpcUnusable)? {
        id if id == network.chain_id() => Ok(answers),
        _ => Err(Finding::WrongChain),
    }
}

fn answers(outcome: SettleOutcome, count: usize) -> Result<Vec<Answer>, Finding> {
    match outcome {
        SettleOutcome::Http(Ok(HttpAnswer { status: 200..300, body, .. })) => {
            rpc::read(&body, count).ok_or(Finding::RpcUnusable)
        }
        _ => Err(Finding::RpcUnreachable),
    }
}

/// Why a node did not take a transaction, where it is not that it has it already or that its place is taken: those
/// the next look explains.
fn refusal(message: &str) -> Option<Finding> {
    if ["already known", "alreadyknown", "already imported", "known transaction", "nonce too low"]
        .iter()
        .any(|words| mentions(message, words))
    {
        None
    } else if mentions(message, "insufficient funds") {
        Some(Finding::NoGasMoney)
    } else {
        Some(Finding::SendRefused)
    }
}

/// Nothing can be said now. What was sent stays sent, so its outcome is unknown; what was not stays granted (S46).
fn lose_sight(stored: Stored, finding: Finding, now: u64) -> SettleStep {
    let due_at = look_again_at(&stored.entry, finding, now);
    let entry = stored.entry.clone().unknown(due_at).unwrap_or_else(|_| stored.entry.postponed(due_at));
    write(entry, stored.version, None, finding)
}

pub(super) fn write(entry: Entry, expected: u64, send: Option<Vec<u8>>, finding: Finding) -> SettleStep {
    let entry = entry.noted(finding.code());
    let stored = Stored { entry: entry.clone(), version: expected };
    SettleStep::Ledger {
        op: LedgerOp::Write { entry, expected },
        then: Cashing { stored, stage: Stage::Writing { send, finding } },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As go-ethereum, anvil, Erigon, Nethermind and Besu write them.
    #[test]
    fn s46_a_node_that_has_a_transaction_already_refuses_nothing() {
        for message in [
            "already known",
            "AlreadyKnown",
            "transaction already imported",
            "Known transaction",
            "nonce too low: next nonce 5, tx nonce 4",
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
}

//! The machine: steps out, outcomes in, and the ledger before every effect.

use super::aside::is_to_go;
use super::decide::{Decision, look_again_at};
use super::handover::hand_over;
use super::nodes::{Nodes, Turn, checked_answers, reception};
use super::question::Question;
use super::{FacilitatorClient, Finding, RelayerConfig, chain};
use crate::address::Address;
use crate::amount::Amount;
use crate::http::{HttpAnswer, HttpFault, HttpRequest};
use crate::ledger::{Entry, LedgerOp, LedgerOutcome, Stored};
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
    nodes: Nodes,
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
    turn: Turn,
}

#[derive(Debug, PartialEq, Eq)]
enum Stage {
    Asked(Question),
    /// The record is being written; only then may the bytes be sent.
    Writing {
        send: Sending,
        finding: Finding,
    },
    Sending {
        raws: Vec<Vec<u8>>,
        finding: Finding,
    },
    HandingOver,
}

/// What is to be sent once it is written.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Sending {
    /// These transactions, the check's own last; or none.
    Transactions(Vec<Vec<u8>>),
    /// What the record holds for a facilitator.
    HandOver,
}

impl Sending {
    pub(super) const NOTHING: Self = Self::Transactions(Vec::new());
}

impl Relayer {
    /// A relayer from its parts.
    #[must_use]
    pub fn new(config: RelayerConfig, key: SecretKey) -> Self {
        let nodes = Nodes::new(config.rpc.clone());
        Self { config, nodes, sender: Sender::Key(key) }
    }

    /// One that asks a facilitator to send, and the chain, where `rpc` is not empty, what came of it.
    #[must_use]
    pub fn through(facilitator: FacilitatorClient, config: RelayerConfig) -> Self {
        let nodes = Nodes::new(config.rpc.clone());
        Self { config, nodes, sender: Sender::Facilitator(facilitator) }
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
        !self.nodes.is_empty()
    }

    /// Looks at a record. `now` is in seconds since the epoch. A record that is not due is left alone, so that an
    /// alarm may ring twice.
    #[must_use]
    pub fn begin(&self, stored: Stored, now: u64) -> SettleStep {
        let entry = &stored.entry;
        if entry.due_at().is_none_or(|due_at| due_at > now) {
            return SettleStep::Done(Finding::NotDue);
        }
        // A node gets two looks: what it was sent is seen there first.
        let turn = self.nodes.turn(entry.attempts() >> 1, now);
        if let Some(finding) = is_to_go(entry, now) {
            let op = LedgerOp::Remove { key: entry.key(), expected: stored.version };
            let stage = Stage::Writing { send: Sending::NOTHING, finding };
            return SettleStep::Ledger { op, then: Cashing { stored, stage, turn } };
        }
        if entry.state().is_final() {
            return SettleStep::Done(Finding::NotDue);
        }
        if entry.amount() == Amount::ZERO
            && let Ok(waived) = entry.clone().waived(now)
        {
            return write(waived, stored.version, Sending::NOTHING, Finding::Settled, turn);
        }
        if !self.sees_the_chain() {
            return hand_over(stored, turn, now);
        }
        self.look(stored, turn)
    }

    /// Goes on with the outcome of a step. `now` is in seconds since the epoch.
    #[must_use]
    pub fn resume(&self, cashing: Cashing, outcome: SettleOutcome, now: u64) -> SettleStep {
        let Cashing { stored, stage, turn } = cashing;
        match stage {
            Stage::Asked(question) => {
                let count = question.calls(self, &stored.entry).len();
                let decided = checked_answers(outcome, stored.entry.network(), count)
                    .and_then(|answers| self.decide(&stored.entry, question, &answers, now));
                match decided {
                    Ok(Decision::Ask(question)) => self.ask(stored, question, turn),
                    Ok(Decision::HandOver) => hand_over(stored, turn, now),
                    Ok(Decision::Write { entry, send, finding }) => {
                        write(entry, stored.version, Sending::Transactions(send), finding, turn)
                    }
                    Err(finding) => match self.nodes.after(turn, finding, now) {
                        Some(turn) => self.look(stored, turn),
                        None => lose_sight(&stored, finding, turn, now),
                    },
                }
            }
            Stage::Writing { send, finding } => match outcome {
                SettleOutcome::Ledger(LedgerOutcome::Written(version)) => {
                    let stored = Stored { version, ..stored };
                    match (send, &self.sender) {
                        (Sending::Transactions(raws), _) if raws.is_empty() => SettleStep::Done(finding),
                        (Sending::Transactions(raws), _) => self.send(stored, raws, finding, turn),
                        (Sending::HandOver, Sender::Facilitator(facilitator)) => {
                            let request = facilitator.settle(&stored.entry);
                            SettleStep::Http { request, then: Cashing { stored, stage: Stage::HandingOver, turn } }
                        }
                        (Sending::HandOver, Sender::Key(_)) => SettleStep::Done(finding),
                    }
                }
                SettleOutcome::Ledger(LedgerOutcome::Moved) => SettleStep::Done(Finding::Moved),
                // Whether it was written is not known: nothing may be sent.
                _ => SettleStep::Done(Finding::LedgerUnreachable),
            },
            Stage::HandingOver => self.weigh(stored, outcome, turn, now),
            Stage::Sending { raws, finding } => match reception(outcome, raws.len()) {
                Ok(()) => SettleStep::Done(finding),
                Err(failure) => match self.nodes.after(turn, failure, now) {
                    Some(turn) => self.send(stored, raws, finding, turn),
                    None if failure.is_a_refusal() => {
                        write(stored.entry, stored.version, Sending::NOTHING, failure, turn)
                    }
                    None => lose_sight(&stored, failure, turn, now),
                },
            },
        }
    }

    pub(super) const fn config(&self) -> &RelayerConfig {
        &self.config
    }

    pub(super) const fn nodes(&self) -> &Nodes {
        &self.nodes
    }

    /// From the beginning, at this node.
    fn look(&self, stored: Stored, turn: Turn) -> SettleStep {
        let question = stored.entry.transaction().cloned().map_or(Question::Prepare, Question::Follow);
        self.ask(stored, question, turn)
    }

    fn ask(&self, stored: Stored, question: Question, turn: Turn) -> SettleStep {
        let request = self.nodes.checked_request(turn, question.calls(self, &stored.entry));
        SettleStep::Http { request, then: Cashing { stored, stage: Stage::Asked(question), turn } }
    }

    fn send(&self, stored: Stored, raws: Vec<Vec<u8>>, finding: Finding, turn: Turn) -> SettleStep {
        let calls: Vec<_> = raws.iter().map(|raw| chain::send(raw)).collect();
        let request = self.nodes.request(turn, &calls);
        SettleStep::Http { request, then: Cashing { stored, stage: Stage::Sending { raws, finding }, turn } }
    }
}

/// Nothing can be said now. What was sent stays sent, so its outcome is unknown; what was not stays granted (S46).
pub(super) fn out_of_sight(entry: &Entry, finding: Finding, now: u64) -> Entry {
    let due_at = look_again_at(entry, finding, now);
    entry.clone().unknown(due_at).unwrap_or_else(|_| entry.clone().postponed(due_at))
}

fn lose_sight(stored: &Stored, finding: Finding, turn: Turn, now: u64) -> SettleStep {
    let entry = out_of_sight(&stored.entry, finding, now);
    write(entry, stored.version, Sending::NOTHING, finding, turn)
}

pub(super) fn write(entry: Entry, expected: u64, send: Sending, finding: Finding, turn: Turn) -> SettleStep {
    let entry = entry.noted(finding.code());
    let stored = Stored { entry: entry.clone(), version: expected };
    SettleStep::Ledger {
        op: LedgerOp::Write { entry, expected },
        then: Cashing { stored, stage: Stage::Writing { send, finding }, turn },
    }
}

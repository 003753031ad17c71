//! Many checks in one transaction: steps out, outcomes in, the ledger before every effect.
//!
//! Every record holds the hash before anything is sent (S47), and where one of them was moved by somebody else nothing
//! is. What is decided on the way stands in `joint`.

use super::chain::{self, At};
use super::decide::look_again_at;
use super::joint::{self, Plan, Weighed};
use super::method;
use super::nodes::{Turn, checked_answers, reception};
use super::relayer::out_of_sight;
use super::rpc::Call;
use super::{Finding, Relayer, SettleOutcome};
use crate::chain::multicall::together;
use crate::http::HttpRequest;
use crate::ledger::{LedgerOp, LedgerOutcome, State, Stored};
use crate::network::Network;
use crate::verify::ReplayKey;
use alloc::vec;
use alloc::vec::Vec;

/// Checks of one chain on their way together.
#[derive(Debug)]
pub(super) struct Sharing {
    /// That of all of them.
    network: Option<Network>,
    members: Vec<Stored>,
    /// To be written in the end: these do not go along.
    aside: Vec<Plan>,
    stage: Stage,
    turn: Turn,
}

#[derive(Debug)]
pub(super) enum Stage {
    /// Would each of them move its money, and what would that cost? Unless they have to go, cheap gas is waited for.
    Trying {
        must_go: bool,
    },
    /// What became of these transactions, which have one place?
    Following(Vec<[u8; 32]>),
    /// The records are being written, the next one last in `plan`; only then may anything be sent.
    Writing {
        plan: Vec<Plan>,
        written: Vec<Plan>,
        send: Vec<Vec<u8>>,
    },
    Sending {
        written: Vec<Plan>,
        raws: Vec<Vec<u8>>,
    },
}

/// What is to be done next.
pub(super) enum Shared {
    Http(HttpRequest, Sharing),
    Write {
        op: LedgerOp,
        before: State,
        then: Sharing,
    },
    /// Nothing more; these have to be looked at one by one.
    Done(Vec<Stored>),
}

/// Which record came to what.
pub(super) type Found = Vec<(ReplayKey, Finding)>;

impl Sharing {
    /// For checks for which nothing was sent yet.
    pub(super) fn fresh(relayer: &Relayer, members: Vec<Stored>, must_go: bool, now: u64) -> Shared {
        Self::begin(relayer, members, Stage::Trying { must_go }, 0, now).ask(relayer)
    }

    /// For checks whose transactions have one place in the account's line.
    pub(super) fn sent(relayer: &Relayer, members: Vec<Stored>, now: u64) -> Shared {
        let mut hashes = vec![];
        for transaction in members.iter().filter_map(|own| own.entry.transaction()) {
            if !hashes.contains(&transaction.hash) {
                hashes.push(transaction.hash);
            }
        }
        let looks = members.first().map_or(0, |own| own.entry.attempts());
        Self::begin(relayer, members, Stage::Following(hashes), looks >> 1, now).ask(relayer)
    }

    /// For checks that are not to go yet.
    pub(super) fn wait(relayer: &Relayer, members: Vec<Stored>, now: u64) -> Shared {
        let batch = relayer.config().batch;
        let first = members.iter().map(|own| batch.departure(&own.entry)).min();
        Self::begin(relayer, members, Stage::Trying { must_go: false }, 0, now).postpone(relayer, first, now)
    }

    fn begin(relayer: &Relayer, members: Vec<Stored>, stage: Stage, looks: u32, now: u64) -> Self {
        let network = members.first().map(|own| own.entry.network());
        Self { network, members, aside: vec![], stage, turn: relayer.nodes().turn(looks, now) }
    }

    pub(super) fn resume(mut self, relayer: &Relayer, outcome: SettleOutcome, found: &mut Found, now: u64) -> Shared {
        match core::mem::replace(&mut self.stage, DONE) {
            stage @ (Stage::Trying { .. } | Stage::Following(_)) => {
                self.stage = stage;
                self.answered(relayer, outcome, now)
            }
            Stage::Writing { mut plan, mut written, send } => {
                let Some(mut own) = plan.pop() else { return self.go_on(relayer) };
                let (version, problem) = match outcome {
                    SettleOutcome::Ledger(LedgerOutcome::Written(version)) => (Some(version), None),
                    SettleOutcome::Ledger(LedgerOutcome::Moved) => (None, Some(Finding::Moved)),
                    // Whether it was written is not known.
                    _ => (None, Some(Finding::LedgerUnreachable)),
                };
                found.push((own.stored.entry.key(), problem.unwrap_or(own.finding)));
                if let Some(version) = version {
                    own.stored.version = version;
                    written.push(own);
                } else if !send.is_empty() {
                    // A call in the bytes that its record does not tell of: nothing is sent, and all are due again.
                    return self.go_on(relayer);
                }
                Self { stage: Stage::Writing { plan, written, send }, ..self }.go_on(relayer)
            }
            Stage::Sending { written, raws } => {
                let Err(failure) = reception(outcome, raws.len()) else { return self.go_on(relayer) };
                if let Some(turn) = relayer.nodes().after(self.turn, failure, now) {
                    return Self { stage: Stage::Sending { written, raws }, turn, ..self }.ask(relayer);
                }
                let told = |Plan { stored, .. }: Plan| {
                    let refused = failure.is_a_refusal().then(|| stored.entry.clone());
                    let entry = refused.unwrap_or_else(|| out_of_sight(&stored.entry, failure, now));
                    Plan::new(&stored, entry, failure)
                };
                Self { stage: writing(written.into_iter().map(told).collect()), ..self }.go_on(relayer)
            }
        }
    }

    fn answered(mut self, relayer: &Relayer, outcome: SettleOutcome, now: u64) -> Shared {
        let Self { network, members, stage, turn, .. } = &self;
        let checked = |network| checked_answers(outcome, network, self.calls(relayer).len());
        let weighed = network.ok_or(Finding::NotDue).and_then(checked).and_then(|answers| match stage {
            Stage::Following(hashes) => joint::follow(relayer, members, hashes, &answers, now),
            Stage::Trying { must_go } => joint::try_out(relayer, members, *must_go, &answers, now),
            Stage::Writing { .. } | Stage::Sending { .. } => Err(Finding::RpcUnusable),
        });
        match weighed {
            Ok(Weighed::Fewer(good, bad)) => {
                self.aside.extend(bad);
                self.members = good;
                if self.members.len() > 1 { self.ask(relayer) } else { Self { stage: DONE, ..self }.go_on(relayer) }
            }
            Ok(Weighed::Write { plan, send, left }) => {
                let stage = Stage::Writing { plan, written: vec![], send };
                Self { members: left, stage, ..self }.go_on(relayer)
            }
            Ok(Weighed::Wait) => self.postpone(relayer, None, now),
            Ok(Weighed::Alone) => Self { stage: DONE, ..self }.go_on(relayer),
            Err(finding) => {
                if let Some(turn) = relayer.nodes().after(*turn, finding, now) {
                    return Self { turn, ..self }.ask(relayer);
                }
                let lost = |own: &Stored| Plan::new(own, out_of_sight(&own.entry, finding, now), finding);
                let plan = members.iter().map(lost).collect();
                Self { members: vec![], stage: writing(plan), ..self }.go_on(relayer)
            }
        }
    }

    /// Until then, or for as long again as they have waited; those that are not due know already.
    fn postpone(self, relayer: &Relayer, until: Option<u64>, now: u64) -> Shared {
        let later = |own: &Stored| {
            let finding = Finding::WaitsForOthers;
            let due_at = until.unwrap_or_else(|| {
                look_again_at(&own.entry, finding, now).min(relayer.config().batch.departure(&own.entry))
            });
            Plan::new(own, own.entry.clone().postponed(due_at.max(now.saturating_add(1))), finding)
        };
        let is_due = |own: &&Stored| own.entry.due_at().is_some_and(|due_at| due_at <= now);
        let plan = self.members.iter().filter(is_due).map(later).collect();
        Self { members: vec![], stage: writing(plan), ..self }.go_on(relayer)
    }

    /// Writes the next record, or sends what all of them tell of.
    fn go_on(mut self, relayer: &Relayer) -> Shared {
        match self.stage {
            Stage::Writing { plan, written, send } => match plan.last() {
                Some(own) => {
                    let op = LedgerOp::Write { entry: own.stored.entry.clone(), expected: own.stored.version };
                    let (before, stage) = (own.before, Stage::Writing { plan, written, send });
                    Shared::Write { op, before, then: Self { stage, ..self } }
                }
                None if !send.is_empty() => Self { stage: Stage::Sending { written, raws: send }, ..self }.ask(relayer),
                None if self.aside.is_empty() => Shared::Done(self.members),
                None => {
                    let stage = writing(core::mem::take(&mut self.aside));
                    Self { stage, ..self }.go_on(relayer)
                }
            },
            stage => Self { stage, ..self }.ask(relayer),
        }
    }

    fn ask(self, relayer: &Relayer) -> Shared {
        let calls = self.calls(relayer);
        let request = match self.stage {
            Stage::Sending { .. } => relayer.nodes().request(self.turn, &calls),
            _ => relayer.nodes().checked_request(self.turn, calls),
        };
        Shared::Http(request, self)
    }

    fn calls(&self, relayer: &Relayer) -> Vec<Call> {
        let account = relayer.address();
        let count = |at| chain::transaction_count(account, at);
        match &self.stage {
            Stage::Trying { .. } => vec![
                chain::simulate(&joint::cash(&self.members, true), Some(account), At::Latest),
                chain::block(At::Latest),
                count(At::Pending),
                chain::priority_fee(),
                // Where each may fail, too little gas is enough for a success.
                chain::gas_of(account, &joint::cash(&self.members, false)),
            ],
            Stage::Following(hashes) => {
                let states: Vec<_> = self.members.iter().map(|own| (method::nonce_state(&own.entry), true)).collect();
                let mut calls = vec![
                    chain::simulate(&together(&states), None, At::Latest),
                    chain::block(At::Latest),
                    count(At::Latest),
                    count(At::Pending),
                    chain::priority_fee(),
                ];
                calls.extend(hashes.iter().map(chain::receipt));
                calls
            }
            Stage::Sending { raws, .. } => raws.iter().map(|raw| chain::send(raw)).collect(),
            Stage::Writing { .. } => vec![],
        }
    }
}

/// Nothing is left to be written or sent.
const DONE: Stage = writing(Vec::new());

const fn writing(plan: Vec<Plan>) -> Stage {
    Stage::Writing { plan, written: Vec::new(), send: Vec::new() }
}

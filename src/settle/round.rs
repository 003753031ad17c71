//! All that is due for one relayer, in one go: who is looked at alone, who together, and in which order (S52).
//!
//! First what was sent before, in the order of the account's line, so that what follows gets a place behind it; then
//! what goes together; then what has to be looked at alone.

use super::batch::{is_waiting, may_share};
use super::sharing::{Found, Shared, Sharing};
use super::transaction::Terms;
use super::{Cashing, Finding, Relayer, SettleOutcome, SettleStep};
use crate::amount::Amount;
use crate::http::HttpRequest;
use crate::ledger::{LedgerOp, State, Stored};
use crate::verify::ReplayKey;
use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

/// A walk through what is due. May be dropped at any time: the records hold all that matters.
#[derive(Debug)]
pub struct Round {
    /// The next one last.
    tasks: Vec<Task>,
    active: Active,
    found: Found,
}

#[derive(Debug)]
enum Task {
    /// Their transactions have one place.
    Sent(Vec<Stored>),
    Fresh {
        members: Vec<Stored>,
        is_full: bool,
    },
    Alone(Stored),
}

#[derive(Debug)]
enum Active {
    None,
    Alone(ReplayKey, State, Box<Cashing>),
    Shared(Box<Sharing>),
}

/// What the runtime is asked to do. It does it and hands the outcome and `then` to [`Round::resume`].
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "the whole port")]
pub enum RoundStep {
    /// Send this; answered with [`SettleOutcome::Http`].
    Http {
        /// Batched JSON-RPC, or a question to a facilitator.
        request: HttpRequest,
        /// The continuation.
        then: Round,
    },
    /// Carry out one operation on the store; answered with [`SettleOutcome::Ledger`].
    Ledger {
        /// The operation.
        op: LedgerOp,
        /// The state that its record had when the look began.
        before: State,
        /// The continuation.
        then: Round,
    },
    /// Nothing more for now. What the last looks came to.
    Done(Vec<(ReplayKey, Finding)>),
}

impl Round {
    /// Looks at all of these. Those that are not due yet are there because they wait for others.
    #[must_use]
    pub fn begin(relayer: &Relayer, records: Vec<Stored>, now: u64) -> RoundStep {
        let batch = relayer.config().batch;
        let shares = relayer.key().is_some() && batch.count > 1;
        let is_due = |own: &Stored| own.entry.due_at().is_some_and(|due_at| due_at <= now);
        let (mut sent, mut fresh, mut alone) = (vec![], vec![], vec![]);
        for own in records {
            let terms = own.entry.transaction().and_then(Terms::of);
            let is_open = !own.entry.state().is_final() && own.entry.amount() != Amount::ZERO;
            if is_due(&own) && is_open && shares && terms.is_some_and(|terms| terms.is_shared) {
                insert(&mut sent, own);
            } else if shares && is_open && may_share(&own.entry) && is_waiting(&own.entry, now) {
                insert(&mut fresh, own);
            } else if is_due(&own) {
                insert(&mut alone, own);
            }
        }
        // The last one of the list is the first to be worked off.
        let mut tasks = vec![];
        tasks.extend(alone.into_iter().rev().map(Task::Alone));
        for members in fresh.chunk_by(|a, b| a.entry.network() == b.entry.network()) {
            for chunk in members.chunks(batch.count) {
                tasks.push(match chunk {
                    [own] if batch.is_full(chunk, now) => Task::Alone(own.clone()),
                    _ => Task::Fresh { members: chunk.to_vec(), is_full: batch.is_full(chunk, now) },
                });
            }
        }
        let same = |a: &Stored, b: &Stored| place(a) == place(b);
        tasks.extend(sent.chunk_by(same).rev().map(|members| Task::Sent(members.to_vec())));
        Self { tasks, active: Active::None, found: vec![] }.next(relayer, now)
    }

    /// Goes on with the outcome of a step. `now` is in seconds since the epoch.
    #[must_use]
    pub fn resume(mut self, relayer: &Relayer, outcome: SettleOutcome, now: u64) -> RoundStep {
        match core::mem::replace(&mut self.active, Active::None) {
            Active::None => self.next(relayer, now),
            Active::Alone(key, before, cashing) => {
                let step = relayer.resume(*cashing, outcome, now);
                self.alone(relayer, key, before, step, now)
            }
            Active::Shared(sharing) => {
                let step = sharing.resume(relayer, outcome, &mut self.found, now);
                self.shared(relayer, step, now)
            }
        }
    }

    /// What the looks since the last time came to.
    pub fn take_found(&mut self) -> Vec<(ReplayKey, Finding)> {
        core::mem::take(&mut self.found)
    }

    fn next(mut self, relayer: &Relayer, now: u64) -> RoundStep {
        match self.tasks.pop() {
            None => RoundStep::Done(self.found),
            Some(Task::Alone(stored)) => {
                let (key, before) = (stored.entry.key(), stored.entry.state());
                let step = relayer.begin(stored, now);
                self.alone(relayer, key, before, step, now)
            }
            Some(Task::Sent(members)) => {
                let step = Sharing::sent(relayer, members, now);
                self.shared(relayer, step, now)
            }
            Some(Task::Fresh { members, is_full }) => {
                let is_hopeless = !is_full && relayer.config().batch.gas_price.is_none();
                let step = if is_hopeless {
                    Sharing::wait(relayer, members, now)
                } else {
                    Sharing::fresh(relayer, members, is_full, now)
                };
                self.shared(relayer, step, now)
            }
        }
    }

    fn alone(mut self, relayer: &Relayer, key: ReplayKey, before: State, step: SettleStep, now: u64) -> RoundStep {
        match step {
            SettleStep::Http { request, then } => {
                self.active = Active::Alone(key, before, Box::new(then));
                RoundStep::Http { request, then: self }
            }
            SettleStep::Ledger { op, then } => {
                self.active = Active::Alone(key, before, Box::new(then));
                RoundStep::Ledger { op, before, then: self }
            }
            SettleStep::Done(finding) => {
                self.found.push((key, finding));
                self.next(relayer, now)
            }
        }
    }

    fn shared(mut self, relayer: &Relayer, step: Shared, now: u64) -> RoundStep {
        match step {
            Shared::Http(request, sharing) => {
                self.active = Active::Shared(Box::new(sharing));
                RoundStep::Http { request, then: self }
            }
            Shared::Write { op, before, then } => {
                self.active = Active::Shared(Box::new(then));
                RoundStep::Ledger { op, before, then: self }
            }
            Shared::Done(left) => {
                self.tasks.extend(left.into_iter().map(Task::Alone));
                self.next(relayer, now)
            }
        }
    }
}

/// Its chain, and its place in the account's line there; what has none comes last.
fn place(own: &Stored) -> (u64, u64) {
    let place = own.entry.transaction().map_or(u64::MAX, |transaction| transaction.nonce);
    (own.entry.network().chain_id(), place)
}

/// By place, then by key: the bytes of a transaction are made again of the same checks in the same order. A sort of the
/// library weighs several kilobytes.
fn insert(list: &mut Vec<Stored>, own: Stored) {
    let order = |own: &Stored| (place(own), *own.entry.key().as_bytes());
    let at = list.partition_point(|other| order(other) < order(&own));
    list.insert(at, own);
}

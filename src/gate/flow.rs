//! A request that waits for an outcome, and where it goes on.

use super::facilitated::Asked;
use super::full::IS_FULL;
use super::order::Order;
use super::purchase::Purchase;
use super::revocation::Doubt;
use super::sign_in::{Sale, Visitor};
use super::step::{Outcome, Step};
use super::{Gate, GateError};
use crate::ledger::{Entry, LedgerOutcome, Stored};
use crate::verify::{Candidate, ReplayKey};
use alloc::string::String;

/// A request that waits for an outcome.
#[derive(Debug)]
pub struct Flow {
    pub(super) stage: Stage,
}

#[derive(Debug)]
pub(super) enum Stage {
    /// A node of the chain is asked about the payment; there may be others after it.
    Asking { candidate: Candidate, order: Order, node: usize },
    /// At the office, before its body is read.
    Body { scope: Option<String> },
    /// The entry is on its way into the ledger.
    Writing { purchase: Purchase, entry: Entry },
    /// Somebody else was there first: who?
    Reading { purchase: Purchase },
    /// The same payment is being served elsewhere.
    Waiting { purchase: Purchase },
    /// The handler runs under our claim.
    Handling { purchase: Purchase, claimed: Stored },
    /// Its name is being tied to it.
    Tying { purchase: Purchase, name: ReplayKey },
    /// It is granted, and written down for whoever loses its ticket.
    Noting(Sale),
    /// What did whoever signed in pay for?
    SigningIn(Visitor),
    /// The handler failed: the claim goes, the payment stays unused.
    Releasing,
    /// The transfer would revert: the claim goes, the payment stays unused.
    Returning { purchase: Purchase },
    /// A facilitator, or the ledger before it, is asked about the payment.
    Consulting { purchase: Purchase, asked: Asked },
    /// What became of the payment behind a good ticket?
    Doubting(Doubt),
}

impl Flow {
    /// Goes on with the outcome of the effect that was asked for. `now` in seconds since the epoch.
    #[must_use]
    pub fn resume(self, gate: &Gate, outcome: Outcome, now: u64) -> Step {
        match (self.stage, outcome) {
            (Stage::Asking { candidate, order, node }, Outcome::Http(answer)) if IS_FULL => {
                gate.weigh(candidate, order, node, &answer, now)
            }
            (Stage::Body { scope }, Outcome::Body(body)) => gate.receive(scope.as_deref(), body, now),
            (Stage::Writing { purchase, entry }, Outcome::Ledger(LedgerOutcome::Written(version))) => {
                purchase.won(gate, Stored { entry, version }, now)
            }
            (Stage::Writing { purchase, .. }, Outcome::Ledger(LedgerOutcome::NoCredit)) => {
                purchase.without_credit(gate, now)
            }
            (Stage::Returning { purchase }, Outcome::Ledger(LedgerOutcome::Written(_))) => {
                purchase.fail(gate, GateError::WouldRevert)
            }
            (Stage::Tying { purchase, name }, Outcome::Ledger(outcome)) if IS_FULL => {
                purchase.tied(gate, name, &outcome, now)
            }
            (Stage::Noting(sale), Outcome::Ledger(outcome)) if IS_FULL => sale.noted(gate, &outcome, now),
            (Stage::SigningIn(visitor), Outcome::Ledger(outcome)) if IS_FULL => visitor.answered(gate, outcome, now),
            (Stage::Consulting { purchase, asked }, outcome) if IS_FULL => {
                gate.consulted(purchase, asked, outcome, now)
            }
            (Stage::Doubting(doubt), Outcome::Ledger(outcome)) => doubt.settled(gate, outcome),
            (
                Stage::Writing { purchase, .. } | Stage::Returning { purchase },
                Outcome::Ledger(LedgerOutcome::Moved),
            )
            | (Stage::Waiting { purchase }, Outcome::Woke) => purchase.read(gate),
            (Stage::Reading { purchase }, Outcome::Ledger(LedgerOutcome::Found(None))) => purchase.unseen(gate, now),
            (Stage::Reading { purchase }, Outcome::Ledger(LedgerOutcome::Found(Some(stored)))) => {
                purchase.found(gate, stored, now)
            }
            (Stage::Handling { purchase, claimed }, Outcome::Handled { status, charge }) => {
                purchase.handled(gate, claimed, status, charge.as_deref(), now)
            }
            // The handler's own failure is the answer, whatever became of the claim: its lease runs out.
            (Stage::Releasing, Outcome::Ledger(_)) => Step::Deliver { receipt: None },
            (
                Stage::Writing { purchase, .. } | Stage::Reading { purchase } | Stage::Returning { purchase },
                Outcome::Ledger(LedgerOutcome::Unreachable),
            ) => purchase.fail(gate, GateError::LedgerUnreachable),
            _ => Step::Respond(gate.error(GateError::Internal)),
        }
    }
}

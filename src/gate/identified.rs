//! A payment with a name: the name is tied to the payment before the payment is claimed, so that of any number of
//! payments with one name, at the same time or one after the other, one is accepted.

use super::flow::{Flow, Stage};
use super::purchase::Purchase;
use super::step::{Effect, Step};
use super::{Gate, GateError};
use crate::ledger::{LedgerOp, LedgerOutcome, Link};
use crate::verify::ReplayKey;

impl Purchase {
    /// Ties the name. Whoever crashes behind this finds the tie and goes on.
    pub(super) fn tie(self, gate: &Gate, name: ReplayKey, now: u64) -> Step {
        let ttl = gate.routes.by_scope(&self.order.scope).map_or(0, |route| route.ttl);
        let matters = self.payment.authorization().deadline().max(now.saturating_add(ttl));
        let due_at = matters.saturating_add(gate.skew).saturating_add(gate.keep);
        let link = Link { key: name, to: self.payment.replay_key(), due_at };
        let effect = Effect::Ledger(LedgerOp::Link { link, expected: 0 });
        Step::Need(effect, Flow { stage: Stage::Tying { purchase: self, name } })
    }

    pub(super) fn tied(mut self, gate: &Gate, name: ReplayKey, outcome: &LedgerOutcome, now: u64) -> Step {
        match outcome {
            LedgerOutcome::Written(_) => gate.purchase(self, now),
            LedgerOutcome::Linked(tied) if tied.link.to == self.payment.replay_key() => gate.purchase(self, now),
            LedgerOutcome::Linked(_) => self.fail(gate, GateError::IdentifierConflict),
            // To whom?
            LedgerOutcome::Moved => {
                Step::Need(Effect::Ledger(LedgerOp::Read(name)), Flow { stage: Stage::Tying { purchase: self, name } })
            }
            // Its time ran out between two looks.
            LedgerOutcome::Found(None) if self.turns == 0 => {
                self.turns = 1;
                self.tie(gate, name, now)
            }
            _ => self.fail(gate, GateError::LedgerUnreachable),
        }
    }
}

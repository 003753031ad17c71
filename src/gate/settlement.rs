//! A payment that is settled before it is served: the record asks its settler, and the request waits for what comes.

use super::flow::{Flow, Stage};
use super::purchase::Purchase;
use super::step::{Effect, Step};
use super::{Gate, GateError};
use crate::ledger::{LedgerOp, State, Stored};

/// Between two looks at a record that its settler works on.
const WAIT_MS: u32 = 250;

impl Purchase {
    /// The record is there and its ticket is not: what became of the money?
    pub(super) fn settling(mut self, gate: &Gate, stored: Stored, now: u64) -> Step {
        self.order.first = true;
        match stored.entry.state() {
            State::Settled => match gate.grant(&self, stored.entry, now) {
                Some(entry) => self.put(entry, stored.version),
                None => self.fail(gate, GateError::Internal),
            },
            State::Failed => self.fail(gate, GateError::PaymentFailed),
            // Nothing was sent: the payment is free to come again when the money is there (S43).
            _ if stored.entry.is_returnable() => {
                let op = LedgerOp::Remove { key: stored.entry.key(), expected: stored.version };
                Step::Need(Effect::Ledger(op), Flow { stage: Stage::Returning { purchase: self } })
            }
            // It was served already, under a claim that somebody released meanwhile.
            _ if self.is_handled() => Step::Deliver { receipt: None },
            _ => self.wait(WAIT_MS),
        }
    }
}

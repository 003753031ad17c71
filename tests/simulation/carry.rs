//! Carrying out what a machine asks for, and what goes wrong on the way.

use crate::node::{Lie, Node};
use crate::world::{Fault, World};
use x402_wasm::encoding::hex;
use x402_wasm::gate::Effect;
use x402_wasm::http::{HttpAnswer, HttpFault};
use x402_wasm::ledger::{LedgerOp, LedgerOutcome, State};
use x402_wasm::settle::SettleStep;

impl World<'_> {
    pub(crate) fn node(&mut self, lie: Lie) -> Node<'_> {
        Node { scene: self.scene, chain: &mut self.chain, lie, is_thorough: self.is_thorough }
    }

    pub(crate) fn post(&mut self, body: &str, fault: Fault) -> Result<HttpAnswer, HttpFault> {
        let answered = |status, body| Ok(HttpAnswer { status, body, retry_after: None });
        let lie = if let Fault::Lie(lie) = fault { lie } else { Lie::Nothing };
        if let Some(name) = name_of(fault, false) {
            self.tally.fault(name);
        }
        match fault {
            Fault::Lost => Err(HttpFault::Unreachable),
            Fault::Late => {
                if body.contains("eth_sendRawTransaction") {
                    self.sent_late.push(body.to_owned());
                }
                Err(HttpFault::TooSlow)
            }
            Fault::AnswerLost => {
                self.node(lie).answer(body);
                Err(HttpFault::TooSlow)
            }
            Fault::Garbage => answered(200, "<html>busy</html>".to_owned()),
            Fault::BadStatus => answered(502, self.node(lie).answer(body)),
            Fault::Twice => {
                self.node(lie).answer(body);
                answered(200, self.node(lie).answer(body))
            }
            _ => answered(200, self.node(lie).answer(body)),
        }
    }

    /// Known and not simulated: a claim is removed and its payment claimed anew between somebody's look at it and
    /// their write. The new record's versions begin at 1 again, so that write would hit it. Here it comes first.
    pub(crate) fn before_removal(&mut self, op: &LedgerOp) {
        let LedgerOp::Remove { key, .. } = op else { return };
        if self.store.entry(*key).is_none_or(|entry| entry.state() != State::Claimed) {
            return;
        }
        let name = hex(key.as_bytes());
        self.batch.retain(|(record, _)| !record.contains(&name));
        if matches!(&self.cashing, Some(SettleStep::Ledger { op: LedgerOp::Remove { key: other, .. }, .. }) if other == key)
        {
            self.cashing = None;
        }
        let is_theirs = |op: &LedgerOp| match op {
            LedgerOp::Write { entry, expected } => entry.key() == *key && *expected > 0,
            LedgerOp::Remove { key: other, .. } => other == key,
            _ => false,
        };
        let (theirs, others) = std::mem::take(&mut self.store.late).into_iter().partition(|(_, op)| is_theirs(op));
        self.store.late = others;
        for (_, op) in theirs {
            self.store.carry_out(op);
        }
        while let Some(visit) = self.visits.iter().position(|visit| match &visit.pending.0 {
            Effect::Ledger(op @ LedgerOp::Write { .. }) => is_theirs(op),
            _ => false,
        }) {
            self.go(visit, Fault::None);
        }
    }

    pub(crate) fn store_op(&mut self, op: LedgerOp, fault: Fault) -> LedgerOutcome {
        self.before_removal(&op);
        if let Some(name) = name_of(fault, true) {
            self.tally.fault(name);
        }
        let outcome = match fault {
            Fault::Lost => LedgerOutcome::Unreachable,
            Fault::AnswerLost => {
                self.store.carry_out(op);
                LedgerOutcome::Unreachable
            }
            Fault::Twice => {
                self.store.carry_out(op.clone());
                self.store.carry_out(op)
            }
            Fault::Late => {
                self.store.late.push((self.elapsed, op));
                LedgerOutcome::Unreachable
            }
            _ => self.store.carry_out(op),
        };
        self.say(|| match &outcome {
            LedgerOutcome::Found(Some(stored)) => format!("    found {:?} v{}", stored.entry.state(), stored.version),
            outcome => format!("    {outcome:?}"),
        });
        outcome
    }
}

fn name_of(fault: Fault, is_store: bool) -> Option<&'static str> {
    Some(match (fault, is_store) {
        (Fault::Lost, true) => "store: lost",
        (Fault::AnswerLost, true) => "store: answer lost",
        (Fault::Twice, true) => "store: twice",
        (Fault::Late, true) => "store: late",
        (Fault::Lost, false) => "node: lost",
        (Fault::AnswerLost, false) => "node: answer lost",
        (Fault::Twice, false) => "node: twice",
        (Fault::Late, false) => "node: hangs",
        (Fault::Garbage, false) => "node: garbage",
        (Fault::BadStatus, false) => "node: bad status",
        (Fault::Lie(Lie::Lag(_)), false) => "node: lags",
        (Fault::Lie(Lie::OldState(_)), false) => "node: state behind its head",
        (Fault::Lie(Lie::HeadTime(_)), false) => "node: lies about the head's time",
        (Fault::Lie(Lie::WrongChain), false) => "node: of another chain",
        _ => return None,
    })
}

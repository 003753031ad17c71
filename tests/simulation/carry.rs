//! Carrying out what a machine asks for, and what goes wrong on the way.

use crate::node::{Lie, Node};
use crate::world::{Fault, World};
use x402_wasm::http::{HttpAnswer, HttpFault};
use x402_wasm::ledger::{LedgerOp, LedgerOutcome};

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

    pub(crate) fn store_op(&mut self, op: LedgerOp, fault: Fault) -> LedgerOutcome {
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
        (Fault::Lie(Lie::WithoutMulticall), false) => "node: knows no Multicall3",
        (Fault::Lie(Lie::WrongChain), false) => "node: of another chain",
        _ => return None,
    })
}

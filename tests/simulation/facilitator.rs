//! A facilitator that settles for a gate: honest as a rule; it also hangs, forgets to say what it did, and lies.

use crate::chain::Event;
use crate::judge;
use crate::scene::CHAIN_ID;
use crate::world::{Fault, World};
use x402_wasm::dialect::facilitator::{read_settle_answer, write_settle_answer};
use x402_wasm::http::{HttpAnswer, HttpFault, HttpRequest};
use x402_wasm::ledger::State;
use x402_wasm::protocol::{SETTLEMENT_PENDING, SettleAnswer};

pub(crate) const FACILITATOR: &str = "http://facilitator";

/// In which way its word is worth nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Untruth {
    /// It has settled, and says that it is not done.
    StillPending,
    /// It says success, and names no transaction.
    NoTransaction,
    /// It settles nothing, and names the transaction of another check.
    AnotherTransaction,
    /// It refuses a good check, for now.
    Refusal,
    /// It has settled, and refuses.
    FalseRefusal,
}

impl World<'_> {
    /// Sends a request to whom it is for.
    pub(crate) fn send(&mut self, request: &HttpRequest, fault: Fault) -> Result<HttpAnswer, HttpFault> {
        let body = request.body.as_deref().expect("what a gate asks without a body is asked when the scene is set");
        if request.url.starts_with(FACILITATOR) { self.hand_over(body, fault) } else { self.post(body, fault) }
    }

    /// What a facilitator is asked stands in the store, for something that is to be cashed.
    pub(crate) fn is_handed_over(&mut self, request: &HttpRequest) {
        if !request.url.starts_with(FACILITATOR) {
            return;
        }
        let payment = self.handed(request.body.as_deref().unwrap());
        let entry = self.store.entry(self.scene.payments[payment].key);
        let is_it = |body: &str| Some(body) == request.body.as_deref();
        let is_written = entry.is_some_and(|entry| {
            matches!(entry.state(), State::Settling | State::Unknown)
                && entry.handover().is_some_and(|handover| is_it(&handover.body))
        });
        let is_owed = entry.is_some_and(|entry| entry.grant().is_some() || entry.settles_first());
        self.judge.demand(judge::HASH_FIRST, is_written, || "it is about to be handed over".to_owned());
        self.judge.demand(judge::GRANTED, is_owed, || "it is handed over and bought nothing".to_owned());
    }

    fn handed(&self, body: &str) -> usize {
        let is_in = |signature: &str| body.contains(signature);
        let payments = &self.scene.payments;
        payments.iter().position(|payment| is_in(&payment.signature.to_hex())).expect("a payment as it was signed")
    }

    fn hand_over(&mut self, body: &str, fault: Fault) -> Result<HttpAnswer, HttpFault> {
        let payment = self.handed(body);
        self.tally.deed("handed over");
        if let Some(name) = name_of(fault) {
            self.tally.fault(name);
        }
        let status = if fault == Fault::BadStatus { 502 } else { 200 };
        let answered = |body: String| Ok(HttpAnswer { status, body, retry_after: None });
        let answer = match fault {
            Fault::Lost => Err(HttpFault::Unreachable),
            Fault::Late => {
                self.sent_late.push(body.to_owned());
                Err(HttpFault::TooSlow)
            }
            Fault::AnswerLost => {
                self.cash(payment);
                Err(HttpFault::TooSlow)
            }
            Fault::Garbage => answered("<html>busy</html>".to_owned()),
            Fault::Twice => {
                self.cash(payment);
                let answer = self.cash(payment);
                answered(self.told(payment, answer))
            }
            Fault::Untrue(untruth) => {
                let answer = self.untrue(payment, untruth);
                answered(self.told(payment, answer))
            }
            _ => {
                let answer = self.cash(payment);
                answered(self.told(payment, answer))
            }
        };
        let heard = answer.as_ref().ok().and_then(|answer: &HttpAnswer| read_settle_answer(&answer.body));
        let key = *self.scene.payments[payment].key.as_bytes();
        match heard {
            Some(SettleAnswer { success: true, transaction: Some(hash), .. }) if status == 200 => {
                self.judge.said.insert((key, hash));
                self.judge.dark.insert(key);
            }
            Some(SettleAnswer { success: false, reason, .. }) if reason.as_deref() != Some(SETTLEMENT_PENDING) => {}
            _ => {
                self.judge.dark.insert(key);
            }
        }
        answer
    }

    /// What arrives late is carried out, and nobody hears of it.
    pub(crate) fn arrives_at_facilitator(&mut self, body: &str) {
        self.cash(self.handed(body));
    }

    /// Sends the transfer once; the same answer for the same payment.
    fn cash(&mut self, payment: usize) -> SettleAnswer {
        let time = crate::scene::START + self.elapsed;
        if self.chain.use_of(self.scene, payment, self.chain.head()).is_none() {
            self.chain.by_stranger(self.scene, time, Event::Paid(payment));
        }
        match self.chain.use_of(self.scene, payment, self.chain.head()) {
            Some(used) if used.event == Event::Paid(payment) => {
                SettleAnswer { success: true, transaction: Some(used.hash), ..SettleAnswer::not_settled(None) }
            }
            _ => SettleAnswer::not_settled(Some("invalid_transaction_state".into())),
        }
    }

    fn untrue(&mut self, payment: usize, untruth: Untruth) -> SettleAnswer {
        let pending = || SettleAnswer::not_settled(Some(SETTLEMENT_PENDING.into()));
        let success = |transaction| SettleAnswer { success: true, transaction, ..SettleAnswer::not_settled(None) };
        match untruth {
            Untruth::StillPending => SettleAnswer { transaction: self.cash(payment).transaction, ..pending() },
            Untruth::NoTransaction => success(None),
            Untruth::AnotherTransaction => {
                let payer = self.scene.payments[payment].payer;
                let is_like_it = |event: &Event| matches!(*event, Event::Paid(other) if other != payment && self.scene.payments[other].payer == payer);
                let other = self.chain.mined().find(|(_, mined)| mined.events.iter().any(is_like_it));
                success(Some(other.map_or([0xee; 32], |(_, mined)| mined.hash)))
            }
            Untruth::Refusal => SettleAnswer::not_settled(Some("busy".into())),
            Untruth::FalseRefusal => {
                self.cash(payment);
                SettleAnswer::not_settled(Some("insufficient_funds".into()))
            }
        }
    }

    fn told(&self, payment: usize, answer: SettleAnswer) -> String {
        let payer = Some(self.scene.payments[payment].authorization.payer());
        write_settle_answer(&SettleAnswer { payer, ..answer }, &format!("eip155:{CHAIN_ID}")).to_string()
    }
}

fn name_of(fault: Fault) -> Option<&'static str> {
    Some(match fault {
        Fault::Lost => "facilitator: lost",
        Fault::AnswerLost => "facilitator: answer lost",
        Fault::Twice => "facilitator: twice",
        Fault::Late => "facilitator: hangs",
        Fault::Garbage => "facilitator: garbage",
        Fault::BadStatus => "facilitator: bad status",
        Fault::Untrue(Untruth::StillPending) => "facilitator: says that it is not done",
        Fault::Untrue(Untruth::NoTransaction) => "facilitator: success without a transaction",
        Fault::Untrue(Untruth::AnotherTransaction) => "facilitator: another check's transaction",
        Fault::Untrue(Untruth::Refusal) => "facilitator: refuses a good check",
        Fault::Untrue(Untruth::FalseRefusal) => "facilitator: refuses what it has settled",
        _ => return None,
    })
}

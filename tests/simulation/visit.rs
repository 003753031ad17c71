//! Requests on their way through a gate.

use crate::judge;
use crate::scene::{Payment, SCOPES};
use crate::world::{Fault, Place, Sabotage, World};
use std::borrow::Cow;
use x402_wasm::dialect::v2;
use x402_wasm::gate::{Effect, Flow, Header, Outcome, RequestHead, Step};
use x402_wasm::json::parse;
use x402_wasm::ledger::{Entry, LedgerOutcome, State, Stored};

pub(crate) struct Visit {
    pub(crate) guest: Guest,
    pub(crate) pending: (Effect, Flow),
}

/// Who came, and for what.
#[derive(Clone, Copy)]
pub(crate) struct Guest {
    pub(crate) instance: usize,
    pub(crate) payment: usize,
    pub(crate) scope: usize,
    pub(crate) is_served: bool,
    /// When it came.
    pub(crate) since: u64,
    /// Who signs in brings a proof, and no payment.
    pub(crate) proof: Option<usize>,
}

impl Guest {
    pub(crate) fn now(world: &World<'_>) -> Self {
        Self { instance: 0, payment: 0, scope: 0, is_served: false, since: world.elapsed, proof: None }
    }
}

pub(crate) struct Head {
    method: &'static str,
    url: String,
    header: Option<(&'static str, String)>,
}

impl Head {
    pub(crate) fn with_payment(scope: &str, payment: &Payment) -> Self {
        Self { header: Some(("payment-signature", payment.header.clone())), ..Self::stranger(scope) }
    }

    pub(crate) fn stranger(scope: &str) -> Self {
        Self { method: "GET", url: scope.replace("GET ", "https://cinema.example"), header: None }
    }

    pub(crate) fn with_proof(scope: &str, proof: &str) -> Self {
        Self { header: Some(("sign-in-with-x", proof.to_owned())), ..Self::stranger(scope) }
    }
}

impl RequestHead for Head {
    fn method(&self) -> Cow<'_, str> {
        self.method.into()
    }
    fn url(&self) -> Cow<'_, str> {
        self.url.as_str().into()
    }
    fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        self.header.as_ref().filter(|(own, _)| *own == name).map(|(_, value)| value.as_str().into())
    }
}

fn url(scope: usize) -> String {
    SCOPES[scope].replace("GET ", "https://cinema.example")
}

impl World<'_> {
    pub(crate) fn arrive(&mut self, payment: usize, scope: usize, place: Place, instance: usize) {
        let (now, presented) = (self.now(instance), &self.scene.payments[payment]);
        let guest = Guest { instance, payment, scope, ..Guest::now(self) };
        self.tally.deed("payments presented");
        let step = match place {
            Place::Resource => self.gate.begin(&Head::with_payment(SCOPES[scope], presented), now),
            Place::Office => {
                let name = SCOPES[scope].replace(' ', "%20").replace('/', "%2F");
                let url = format!("https://cinema.example/token?scope={name}");
                match self.gate.begin(&Head { method: "POST", url, header: None }, now) {
                    Step::Need(Effect::ReadBody { .. }, flow) => {
                        flow.resume(self.gate, Outcome::Body(Ok(presented.body.clone())), now)
                    }
                    step => step,
                }
            }
        };
        self.go_on(guest, step);
    }

    pub(crate) fn show(&mut self, ticket: usize, instance: usize) {
        let (text, payment) = self.tickets[ticket].clone();
        let now = self.now(instance);
        for scope in 0..SCOPES.len() {
            let header = Some(("authorization", format!("Bearer {text}")));
            let step = self.gate.begin(&Head { method: "GET", url: url(scope), header }, now);
            self.go_on(Guest { instance, payment, scope, ..Guest::now(self) }, step);
        }
    }

    /// Carries out what a request waits for.
    pub(crate) fn go(&mut self, visit: usize, fault: Fault) {
        let Visit { mut guest, pending: (effect, flow) } = self.visits.swap_remove(visit);
        let Guest { instance, scope, .. } = guest;
        let outcome = match effect {
            Effect::Ledger(op) => Outcome::Ledger(self.store_op(op, fault)).sabotaged(self.sabotage, SCOPES[scope]),
            Effect::Http(request) => Outcome::Http(self.send(&request, fault)),
            Effect::Sleep { .. } => Outcome::Woke,
            Effect::Handle(_) => {
                let fails = fault == Fault::HandlerFails;
                if fails {
                    self.tally.fault("a handler fails");
                }
                guest.is_served = !fails;
                Outcome::Handled { status: if fails { 500 } else { 200 }, charge: None }
            }
            Effect::ReadBody { .. } => return,
        };
        let step = flow.resume(self.gate, outcome, self.now(instance));
        self.go_on(guest, step);
    }

    pub(crate) fn go_on(&mut self, guest: Guest, mut step: Step) {
        while let Step::Tell(_, next) = step {
            step = *next;
        }
        let Guest { payment, scope, is_served, .. } = guest;
        match step {
            Step::Need(effect, flow) => {
                if matches!(effect, Effect::Handle(_)) {
                    self.may_be_handled(payment, scope);
                }
                self.visits.push(Visit { guest, pending: (effect, flow) });
            }
            Step::Respond(response) if response.status == 200 => {
                let text = parse(&response.body).unwrap();
                self.serve(payment, scope, text.get("access_token").unwrap().as_str().unwrap());
            }
            Step::Respond(response) => self.tally.deed(match response.status {
                202 => "answered 202",
                402 => "answered 402",
                409 => "answered 409",
                500 => "answered 500",
                503 => "answered 503",
                _ => "answered otherwise",
            }),
            Step::Admit(admission) => match admission.receipt {
                Some((_, receipt)) if let Some(proof) = guest.proof => {
                    let receipt = v2::read_receipt(&receipt).unwrap();
                    self.signed_in(proof, guest.since, &receipt.ticket.unwrap().text);
                }
                Some(receipt) => self.serve_with(payment, scope, &receipt),
                None => self.admitted(payment),
            },
            Step::Deliver { receipt: Some(receipt) } => self.serve_with(payment, scope, &receipt),
            Step::Deliver { receipt: None } if is_served => self.tally.deed("delivered under a claim that was lost"),
            Step::Deliver { receipt: None } => self.tally.deed("released"),
            Step::Inquire(_) | Step::File(_) | Step::Tell(..) => {}
        }
    }

    fn serve_with(&mut self, payment: usize, scope: usize, (_, receipt): &Header) {
        let receipt = v2::read_receipt(receipt).unwrap();
        self.serve(payment, scope, &receipt.ticket.unwrap().text);
    }

    fn serve(&mut self, payment: usize, scope: usize, text: &str) {
        self.tally.deed("tickets handed out");
        let key = self.scene.payments[payment].key;
        if self.policy.named {
            self.judge.named(&self.scene.payments[payment].name, key);
        }
        self.judge.served(key, SCOPES[scope], text, &self.store);
        self.judge.paid_first(self.scene, &self.chain, key, self.must_pay_first(), &self.store);
        if !self.tickets.iter().any(|(own, _)| own == text) {
            self.tickets.push((text.to_owned(), payment));
        }
    }

    /// A ticket opened the gate.
    fn admitted(&mut self, payment: usize) {
        self.tally.deed("tickets admitted");
        let entry = self.store.entry(self.scene.payments[payment].key);
        let is_good = !self.policy.revocable || entry.is_some_and(|entry| entry.state() != State::Failed);
        self.judge.demand(judge::REVOKED, is_good, || "its check failed".to_owned());
    }

    /// A handler runs under a claim, and never where the money comes first.
    fn may_be_handled(&mut self, payment: usize, scope: usize) {
        let entry = self.store.entry(self.scene.payments[payment].key);
        let is_ours = |entry: &Entry| entry.state() == State::Claimed && entry.scope() == SCOPES[scope];
        let is_claimed = entry.is_some_and(is_ours);
        let is_first = self.must_pay_first() || entry.is_some_and(Entry::settles_first);
        self.judge.demand(judge::STORED, is_claimed, || "a handler runs without a claim".to_owned());
        self.judge.demand(judge::PAID_FIRST, !is_first, || "a handler runs before the money is there".to_owned());
    }
}

trait Sabotaged {
    fn sabotaged(self, sabotage: Sabotage, scope: &str) -> Self;
}

impl Sabotaged for Outcome {
    /// What a gate would see if it did not look.
    fn sabotaged(self, sabotage: Sabotage, scope: &str) -> Self {
        if !matches!(sabotage, Sabotage::IgnoresScope | Sabotage::ServesWhileSettling) {
            return self;
        }
        let Self::Ledger(LedgerOutcome::Found(Some(stored))) = self else { return self };
        let record = stored.entry.to_record();
        let seen = match sabotage {
            Sabotage::IgnoresScope => {
                let other = SCOPES.iter().find(|other| **other != scope).unwrap();
                record.replace(&format!(r#""scope":"{other}""#), &format!(r#""scope":"{scope}""#))
            }
            Sabotage::ServesWhileSettling => {
                record.replace(r#""state":"settling""#, r#""state":"settled","closedAt":1,"evidence":"transferred""#)
            }
            _ => record,
        };
        let entry = Entry::from_record(&seen).unwrap();
        Self::Ledger(LedgerOutcome::Found(Some(Stored { entry, version: stored.version })))
    }
}

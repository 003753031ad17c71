//! A payment's way into the ledger, and the answer that it gets there: the first time and every time (S41).

use super::charge;
use super::event::{About, paid};
use super::facilitated;
use super::flow::{Flow, Stage};
use super::full::IS_FULL;
use super::order::{Order, Place};
use super::sign_in::Sale;
use super::step::{Admission, Effect, Step};
use super::{Event, EventKind, Gate, GateError};
use crate::ledger::{Claim, Entry, Grant, LedgerOp, State, Stored};
use crate::protocol::{Dialect, IssuedTicket, Refusal};
use crate::ticket::Ticket;
use crate::verify::VerifiedPayment;
use alloc::string::{String, ToString as _};

/// A verified payment on its way into the ledger.
#[derive(Debug)]
pub(super) struct Purchase {
    pub(super) payment: VerifiedPayment,
    pub(super) order: Order,
    /// What the chain says against it; counts only where it was not accepted before.
    pub(super) objection: Option<Refusal>,
    /// What a facilitator is asked with, where one is.
    pub(super) body: Option<String>,
    /// How often the ledger was asked; bounds the loop.
    pub(super) turns: u8,
}

/// How long a handler may take before the same payment may be served again, in seconds.
const LEASE: u64 = 30;
const MAX_TURNS: u8 = 40;
const WAIT_MS: u32 = 100;

impl Gate {
    /// A payment passed every check.
    pub(super) fn buy(&self, purchase: Purchase, now: u64) -> Step {
        let event = purchase.event(self, EventKind::Verified, About::default());
        let step = match purchase.order.name {
            Some(name) if IS_FULL => purchase.tie(self, name, now),
            _ => self.purchase(purchase, now),
        };
        step.telling(event)
    }

    /// Tries to be the first: one write, no look before (S39).
    pub(super) fn purchase(&self, purchase: Purchase, now: u64) -> Step {
        // A request may sleep for long; its record may be forgotten by then (S44).
        if purchase.payment.authorization().is_over_at(now) {
            return purchase.refuse(self, Refusal::Expired);
        }
        let claim = Claim { at: now, lease_until: now.saturating_add(LEASE) };
        let entry = Entry::claimed(&purchase.payment, self.issuer(), &purchase.order.scope, claim);
        let entry = match purchase.body.clone().filter(|_| self.facilitated.settles()) {
            Some(body) => entry.for_facilitator(body),
            None => entry,
        };
        let entry = entry.kept(self.skew.saturating_add(self.keep));
        if purchase.order.first {
            return purchase.put(entry.settled_first(), 0);
        }
        let entry = if self.credit.is_some() { entry.on_credit() } else { entry };
        self.write(purchase, entry, 0, now)
    }

    /// Writes a claim as it is, or as a grant where nothing stands between the two.
    fn write(&self, purchase: Purchase, claimed: Entry, expected: u64, now: u64) -> Step {
        let at_once = match purchase.order.place {
            Place::Office => true,
            Place::Resource { handled, .. } => handled,
        };
        let entry = if at_once { self.grant(&purchase, claimed, now) } else { Some(claimed) };
        let Some(entry) = entry else { return Step::Respond(self.error(GateError::Internal)) };
        match self.credit {
            // What is there already is counted already.
            Some(credit) if expected == 0 => {
                let op = LedgerOp::Lend { entry: entry.clone(), limits: credit.limits(now) };
                Step::Need(Effect::Ledger(op), Flow { stage: Stage::Writing { purchase, entry } })
            }
            _ => purchase.put(entry, expected),
        }
    }

    /// Fixes the ticket's bytes.
    pub(super) fn grant(&self, purchase: &Purchase, claimed: Entry, now: u64) -> Option<Entry> {
        let route = self.routes.by_scope(&purchase.order.scope)?;
        let ticket = Ticket {
            scope: purchase.order.scope.clone(),
            payer: Some(purchase.payment.payer()),
            id: Some(claimed.key().to_string()),
            issued_at: now,
            expires_at: now.saturating_add(route.ttl),
            paid: Some(paid(&purchase.payment)),
        };
        let text = match purchase.order.dialect {
            // x402-mock's format names no payment that could be looked up.
            Dialect::Mock if !route.revocable => self.keyset.issue_mock(&ticket)?,
            Dialect::Mock | Dialect::V1 | Dialect::V2 => self.keyset.issue(&ticket)?,
        };
        let issued = IssuedTicket { text, scope: Some(ticket.scope), expires_at: ticket.expires_at, id: ticket.id };
        let claimed = match purchase.order.place {
            Place::Resource { charge: Some(charge), .. } => facilitated::charged(claimed, charge),
            _ => claimed,
        };
        claimed.granted(Grant { at: now, ticket: issued }, self.settles.then_some(now)).ok()
    }
}

impl Purchase {
    pub(super) fn put(self, entry: Entry, expected: u64) -> Step {
        let effect = Effect::Ledger(LedgerOp::Write { entry: entry.clone(), expected });
        Step::Need(effect, Flow { stage: Stage::Writing { purchase: self, entry } })
    }

    /// Nothing more is lent: it is settled first.
    pub(super) fn without_credit(mut self, gate: &Gate, now: u64) -> Step {
        // What a ceiling is used for is known after serving only.
        if self.payment.authorization().is_ceiling() {
            return self.fail(gate, GateError::NoCredit);
        }
        self.order.first = true;
        gate.purchase(self, now)
    }

    pub(super) fn wait(self, ms: u32) -> Step {
        Step::Need(Effect::Sleep { ms }, Flow { stage: Stage::Waiting { purchase: self } })
    }

    pub(super) fn read(mut self, gate: &Gate) -> Step {
        self.turns = self.turns.saturating_add(1);
        if self.turns > MAX_TURNS {
            let error = if self.order.first { GateError::SettlementPending } else { GateError::InProgress };
            return self.fail(gate, error);
        }
        let effect = Effect::Ledger(LedgerOp::Read(self.payment.replay_key()));
        Step::Need(effect, Flow { stage: Stage::Reading { purchase: self } })
    }

    /// Nobody was here before.
    pub(super) fn unseen(self, gate: &Gate, now: u64) -> Step {
        match self.objection {
            Some(refusal) => self.refuse(gate, refusal),
            None => gate.purchase(self, now),
        }
    }

    /// The same payment was here before (S41, S42).
    pub(super) fn found(self, gate: &Gate, stored: Stored, now: u64) -> Step {
        if stored.entry.scope() != self.order.scope {
            return self.fail(gate, GateError::UsedElsewhere);
        }
        if stored.entry.settles_first() && stored.entry.grant().is_none() {
            return self.settling(gate, stored, now);
        }
        match stored.entry.state() {
            State::Claimed if now < stored.entry.claim().lease_until && !self.is_handled() => self.wait(WAIT_MS),
            // Its claimer is gone and nothing was granted for it.
            State::Claimed if self.objection.is_some() => self.unseen(gate, now),
            State::Claimed => {
                let claim = Claim { at: now, lease_until: now.saturating_add(LEASE) };
                match stored.entry.reclaim(claim) {
                    Ok(entry) => gate.write(self, entry, stored.version, now),
                    Err(_) => self.fail(gate, GateError::Internal),
                }
            }
            State::Failed => self.fail(gate, GateError::PaymentFailed),
            State::Granted | State::Settling | State::Settled | State::Unknown => {
                self.repeat(gate, stored.entry, true, now)
            }
        }
    }

    pub(super) const fn is_handled(&self) -> bool {
        matches!(self.order.place, Place::Resource { handled: true, .. })
    }

    /// The write went through.
    pub(super) fn won(self, gate: &Gate, stored: Stored, now: u64) -> Step {
        if stored.entry.settles_first() && stored.entry.grant().is_none() {
            return self.settling(gate, stored, now);
        }
        if stored.entry.state() != State::Claimed {
            return self.repeat(gate, stored.entry, false, now);
        }
        let Place::Resource { route, .. } = &self.order.place else { return self.fail(gate, GateError::Internal) };
        let admission = Admission {
            route: route.clone(),
            ticket: Some(self.ticket(&stored.entry)),
            charges: self.payment.authorization().is_ceiling(),
            receipt: None,
        };
        Step::Need(Effect::Handle(admission), Flow { stage: Stage::Handling { purchase: self, claimed: stored } })
    }

    /// The handler answered. Below 400 it is paid for; otherwise the payment stays unused (S43), as where it charges
    /// something unreadable.
    pub(super) fn handled(
        mut self,
        gate: &Gate,
        claimed: Stored,
        status: u16,
        overrides: Option<&str>,
        now: u64,
    ) -> Step {
        let authorization = self.payment.authorization();
        let overrides = overrides.filter(|_| authorization.is_ceiling());
        let charged = overrides.map(|text| charge::read(text, authorization.amount(), self.payment.asset()));
        if status >= 400 || charged == Some(None) {
            let op = LedgerOp::Remove { key: claimed.entry.key(), expected: claimed.version };
            let event = self.event(gate, EventKind::Released, About::default());
            return Step::Need(Effect::Ledger(op), Flow { stage: Stage::Releasing }).telling(event);
        }
        if let Place::Resource { handled, charge, .. } = &mut self.order.place {
            (*handled, *charge) = (true, charged.flatten());
        }
        gate.write(self, claimed.entry, claimed.version, now)
    }

    /// The payment is granted: it is written down for a payer that loses its ticket, and answered.
    fn repeat(self, gate: &Gate, entry: Entry, again: bool, now: u64) -> Step {
        Sale { purchase: self, entry, again, turns: 0 }.note(gate, 0, now)
    }

    /// The answer to a granted payment, the first time and every time.
    #[inline(never)]
    pub(super) fn answer(self, gate: &Gate, entry: &Entry, again: bool, now: u64) -> Step {
        let Some(grant) = entry.grant() else { return self.fail(gate, GateError::Internal) };
        let cost = About { charged: Some(entry.amount()), again, ..About::default() };
        let event = self.event(gate, EventKind::Ticket, cost);
        let receipt = || gate.receipt_for(&self.order, entry, grant);
        let step = match &self.order.place {
            Place::Office => Step::Respond(gate.sold(receipt(), &grant.ticket, now)),
            Place::Resource { handled: true, .. } => Step::Deliver { receipt: Some(receipt()) },
            Place::Resource { .. } if now >= grant.ticket.expires_at => return self.fail(gate, GateError::AlreadyUsed),
            Place::Resource { route, .. } => Step::Admit(Admission {
                route: route.clone(),
                ticket: Some(self.ticket(entry)),
                charges: false,
                receipt: Some(receipt()),
            }),
        };
        step.telling(event)
    }

    /// An event about this payment, if anybody listens.
    fn event(&self, gate: &Gate, kind: EventKind, about: About<'_>) -> Option<Event> {
        self.order.event(gate, kind, About { payment: Some(&self.payment), ..about })
    }

    /// What the handler is told of a payment that comes without a ticket.
    fn ticket(&self, entry: &Entry) -> Ticket {
        Ticket {
            scope: self.order.scope.clone(),
            payer: Some(self.payment.payer()),
            id: Some(entry.key().to_string()),
            issued_at: entry.claim().at,
            expires_at: entry.grant().map_or(entry.claim().lease_until, |grant| grant.ticket.expires_at),
            paid: Some(paid(&self.payment)),
        }
    }

    /// In the facilitator's own word.
    pub(super) fn refused_by_facilitator(self, gate: &Gate, code: &str) -> Step {
        let message = "The facilitator of this gate refuses the payment: its word is the code.";
        let event = self.event(gate, EventKind::Refused, About { code: Some(code), ..About::default() });
        let response = match (&self.order.place, gate.routes.by_scope(&self.order.scope)) {
            (Place::Resource { url, .. }, Some(route)) => {
                gate.challenge(route, url, Some(self.payment.payer()), code, message, None)
            }
            (Place::Office, _) => gate.refused_with(self.order.dialect, code, message),
            _ => gate.error(GateError::Internal),
        };
        Step::Respond(response).telling(event)
    }

    #[inline(never)]
    pub(super) fn fail(self, gate: &Gate, error: GateError) -> Step {
        self.order.fail(gate, self.payment.payer(), error, Some(&self.payment))
    }

    fn refuse(self, gate: &Gate, refusal: Refusal) -> Step {
        self.order.refuse(gate, self.payment.payer(), refusal, Some(&self.payment))
    }
}

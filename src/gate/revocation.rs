//! Tickets that the ledger has the last word on: a payment that bounced opens nothing (S36, S50).

use super::event::About;
use super::flow::{Flow, Stage};
use super::routes::Route;
use super::step::{Admission, Effect, Step};
use super::{Event, EventKind, Gate, GateError};
use crate::encoding::bytes_from_hex;
use crate::ledger::{LedgerOp, LedgerOutcome};
use crate::ticket::{Ticket, TicketError};
use crate::verify::ReplayKey;
use alloc::string::{String, ToString as _};

/// A good ticket whose payment is being looked up.
#[derive(Debug)]
pub(super) struct Doubt {
    admission: Admission,
    scope: String,
    url: String,
}

impl Gate {
    /// Asks the ledger what became of the payment behind a ticket.
    pub(super) fn doubt(&self, route: &Route, ticket: Ticket, url: String) -> Step {
        let key = ticket
            .id
            .as_deref()
            .and_then(|id| bytes_from_hex(&alloc::format!("0x{id}")).ok())
            .map(ReplayKey::from_bytes);
        let admission = Admission { route: route.id.clone(), ticket: Some(ticket), charges: false, receipt: None };
        let doubt = Doubt { admission, scope: route.scope.clone(), url };
        match key {
            Some(key) => Step::Need(Effect::Ledger(LedgerOp::Read(key)), Flow { stage: Stage::Doubting(doubt) }),
            // A ticket that names no payment cannot be told from one that was withdrawn.
            None => doubt.withdrawn(self),
        }
    }
}

impl Doubt {
    /// A record outlives its ticket (S44): one that is not there was never this gate's.
    pub(super) fn settled(self, gate: &Gate, outcome: LedgerOutcome) -> Step {
        match outcome {
            LedgerOutcome::Found(Some(stored)) if !stored.entry.is_bounced() => {
                let event = self.event(gate, EventKind::Admitted, None);
                Step::Admit(self.admission).telling(event)
            }
            LedgerOutcome::Found(_) => self.withdrawn(gate),
            _ => {
                let error = GateError::LedgerUnreachable;
                let event = self.event(gate, EventKind::Refused, Some(error.code()));
                Step::Respond(gate.error(error)).telling(event)
            }
        }
    }

    fn withdrawn(self, gate: &Gate) -> Step {
        let reason = TicketError::Revoked;
        let event = self.event(gate, EventKind::Challenge, Some(reason.code()));
        let response = match gate.routes.by_scope(&self.scope) {
            Some(route) => gate.challenge(route, &self.url, None, reason.code(), &reason.to_string(), None),
            None => gate.error(GateError::Internal),
        };
        Step::Respond(response).telling(event)
    }

    fn event(&self, gate: &Gate, kind: EventKind, code: Option<&'static str>) -> Option<Event> {
        let Admission { route, ticket, .. } = &self.admission;
        let (route, scope) = (Some(route.as_str()), Some(self.scope.as_str()));
        // Who paid is told of whom it admits.
        let ticket = ticket.as_ref().filter(|_| code.is_none());
        gate.event(kind, About { route, scope, code, ticket, ..About::default() })
    }
}

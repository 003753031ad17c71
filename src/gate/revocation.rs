//! Tickets that the ledger has the last word on: a payment that bounced opens nothing (S36, S50).

use super::flow::{Flow, Stage};
use super::routes::Route;
use super::step::{Admission, Effect, Step};
use super::{Gate, GateError};
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
            LedgerOutcome::Found(Some(stored)) if !stored.entry.is_bounced() => Step::Admit(self.admission),
            LedgerOutcome::Found(_) => self.withdrawn(gate),
            _ => Step::Respond(gate.error(GateError::LedgerUnreachable)),
        }
    }

    fn withdrawn(self, gate: &Gate) -> Step {
        let reason = TicketError::Revoked;
        Step::Respond(match gate.routes.by_scope(&self.scope) {
            Some(route) => gate.challenge(route, &self.url, None, reason.code(), &reason.to_string()),
            None => gate.error(GateError::Internal),
        })
    }
}

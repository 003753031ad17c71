//! What somebody wants to buy, and the form in which it is answered.

use super::purchase::Purchase;
use super::step::Step;
use super::{Gate, GateError};
use crate::protocol::{Dialect, Refusal};
use crate::verify::VerifiedPayment;
use alloc::string::{String, ToString as _};

/// What is bought, and how it is answered.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) scope: String,
    pub(super) place: Place,
}

impl Order {
    pub(super) fn paid_by(self, payment: VerifiedPayment, objection: Option<Refusal>) -> Purchase {
        let Self { scope, place } = self;
        Purchase { payment, scope, place, objection, turns: 0 }
    }

    pub(super) fn refuse(&self, gate: &Gate, refusal: Refusal) -> Step {
        Step::Respond(match (&self.place, gate.routes.by_scope(&self.scope)) {
            (Place::Office(dialect), _) => gate.refused_at_office(*dialect, refusal),
            (Place::Resource { url, .. }, Some(route)) => gate.refused(route, url, refusal),
            _ => gate.error(GateError::Internal),
        })
    }

    pub(super) fn fail(&self, gate: &Gate, error: GateError) -> Step {
        Step::Respond(match (&self.place, gate.routes.by_scope(&self.scope)) {
            (Place::Office(dialect), _) => gate.error_at_office(*dialect, error),
            (Place::Resource { url, .. }, Some(route)) if error.status() == 402 => {
                gate.challenge(route, url, error.code(), &error.to_string())
            }
            _ => gate.error(error),
        })
    }
}

#[derive(Debug)]
pub(super) enum Place {
    /// The answer is a ticket.
    Office(Dialect),
    /// The answer is the resource.
    Resource {
        route: String,
        url: String,
        /// The handler has answered: from here on the check is to be cashed.
        handled: bool,
    },
}

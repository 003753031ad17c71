//! What somebody wants to buy, and the form in which it is answered.

use super::event::About;
use super::policy::When;
use super::purchase::Purchase;
use super::routes::Route;
use super::step::Step;
use super::{Event, EventKind, Gate, GateError};
use crate::address::Address;
use crate::amount::Amount;
use crate::json::Value;
use crate::protocol::{Dialect, Refusal};
use crate::verify::{ReplayKey, VerifiedPayment};
use alloc::string::{String, ToString as _};

/// What is bought, and how it is answered.
#[derive(Debug)]
pub(super) struct Order {
    /// The answer is in this.
    pub(super) dialect: Dialect,
    pub(super) scope: String,
    pub(super) place: Place,
    /// Whether it is settled before it is served.
    pub(super) first: bool,
    /// The key of the name that its payer gave it.
    pub(super) name: Option<ReplayKey>,
    /// The payment as it came, where a facilitator is asked with it.
    pub(super) document: Option<Value>,
    /// What its signed receipt names, where it gets one.
    pub(super) resource: Option<String>,
}

#[derive(Debug)]
pub(super) enum Place {
    /// The answer is a ticket.
    Office,
    /// The answer is the resource.
    Resource {
        route: String,
        url: String,
        /// The handler has answered: from here on the check is to be cashed.
        handled: bool,
        /// What it charges, where that is not the price.
        charge: Option<Amount>,
    },
}

impl Order {
    pub(super) fn new(dialect: Dialect, route: &Route, place: Place) -> Self {
        let first = matches!(route.when, When::Before);
        Self { dialect, scope: route.scope.clone(), place, first, name: None, document: None, resource: None }
    }

    pub(super) fn asked_with(self, document: Option<Value>) -> Self {
        Self { document, ..self }
    }

    /// The order with its payment, and what the chain has against that.
    pub(super) fn paid_by(self, payment: VerifiedPayment, objection: Option<Refusal>) -> Purchase {
        Purchase { payment, order: self, objection, body: None, turns: 0 }
    }

    /// The answer to a payment that is not accepted. `payer` is who it says that it is from; `payment` is there where
    /// that is known.
    pub(super) fn refuse(
        &self,
        gate: &Gate,
        payer: Address,
        refusal: Refusal,
        payment: Option<&VerifiedPayment>,
    ) -> Step {
        let response = match (&self.place, gate.routes.by_scope(&self.scope)) {
            (Place::Resource { url, .. }, Some(route)) => gate.refused(route, url, self.dialect, Some(payer), refusal),
            _ => gate.refused_at_office(self.dialect, refusal),
        };
        Step::Respond(response).telling(self.event(
            gate,
            EventKind::Refused,
            About { code: Some(refusal.code()), payment, ..About::default() },
        ))
    }

    /// The answer where something else is in the way.
    pub(super) fn fail(
        &self,
        gate: &Gate,
        payer: Address,
        error: GateError,
        payment: Option<&VerifiedPayment>,
    ) -> Step {
        let response = match (&self.place, gate.routes.by_scope(&self.scope)) {
            (Place::Resource { url, .. }, Some(route)) if error.status() == 402 => {
                gate.challenge(route, url, Some(payer), error.code(), &error.to_string(), None)
            }
            _ => gate.error_to(self.dialect, error),
        };
        Step::Respond(response).telling(self.event(
            gate,
            EventKind::Refused,
            About { code: Some(error.code()), payment, ..About::default() },
        ))
    }

    pub(super) fn event(&self, gate: &Gate, kind: EventKind, about: About<'_>) -> Option<Event> {
        let route = match &self.place {
            Place::Office => None,
            Place::Resource { route, .. } => Some(route.as_str()),
        };
        gate.event(kind, About { route, scope: Some(&self.scope), ..about })
    }
}

//! The ticket office: `POST /token?scope=…` takes a payment and answers with a ticket. It is idempotent: the same
//! payment gets the same ticket (S41), and the ledger is asked once where nothing is in the way.

use super::event::About;
use super::order::{Order, Place};
use super::routes::Route;
use super::step::{BodyFault, Step};
use super::{EventKind, Gate, GateError};
use crate::dialect::{parse_office_body, read_office_document};
use crate::protocol::{Dialect, ReceivedPayment, Refusal};
use crate::verify::inspect;
use alloc::string::String;

impl Gate {
    /// The body arrived, or did not.
    pub(super) fn receive(&self, scope: Option<&str>, body: Result<String, BodyFault>, now: u64) -> Step {
        let body = match body {
            Ok(body) => body,
            Err(BodyFault::TooLarge) => {
                return self.refuse_at_office(Dialect::V2, Refusal::TooLarge, None);
            }
            Err(BodyFault::NotText) => {
                return self.refuse_at_office(Dialect::V2, Refusal::Encoding, None);
            }
            Err(BodyFault::TooSlow) => return self.turn_away(GateError::TooSlow),
        };
        let document = match parse_office_body(&body) {
            Ok(document) => document,
            Err(refusal) => return self.refuse_at_office(Dialect::V2, refusal, None),
        };
        let (dialect, received) = read_office_document(&document);
        let payment = match received {
            Ok(payment) => payment,
            Err(refusal) => return self.refuse_at_office(dialect, refusal, None),
        };
        let route = match scope {
            Some(scope) => self.routes.by_scope(scope),
            None => only(self.routes.scopes().filter(|route| is_price_of(&payment, route))),
        };
        let Some(route) = route else { return self.turn_away(GateError::UnknownScope) };
        let name = self.name_of(route, dialect, document.get("extensions"));
        let inspected = inspect(&payment, &route.requirements, now, self.skew);
        match inspected.and_then(|candidate| Ok((candidate, name?))) {
            // Nothing is used here that could be charged.
            Ok((candidate, _)) if candidate.is_ceiling() => {
                self.refuse_at_office(dialect, Refusal::Scheme, Some(&route.scope))
            }
            Ok((candidate, name)) => {
                let resource = self.resource_sold(dialect, route, &document);
                let document = self.facilitated.document(|| Some(document));
                let order = Order::new(dialect, route, Place::Office).asked_with(document);
                self.examine(candidate, Order { name, resource, ..order }, now)
            }
            Err(refusal) => self.refuse_at_office(dialect, refusal, Some(&route.scope)),
        }
    }

    fn refuse_at_office(&self, dialect: Dialect, refusal: Refusal, scope: Option<&str>) -> Step {
        let event = self.event(EventKind::Refused, About { scope, code: Some(refusal.code()), ..About::default() });
        Step::Respond(self.refused_at_office(dialect, refusal)).telling(event)
    }

    fn turn_away(&self, error: GateError) -> Step {
        let event = self.event(EventKind::Refused, About { code: Some(error.code()), ..About::default() });
        Step::Respond(self.error(error)).telling(event)
    }
}

/// Whether a payment to an office that was not told the scope is meant for this one.
fn is_price_of(payment: &ReceivedPayment, route: &Route) -> bool {
    let authorization = &payment.authorization;
    route.requirements.iter().any(|own| {
        let own = &own.requirements;
        own.method == payment.terms.method
            && own.network == payment.terms.network
            && payment.terms.asset.is_none_or(|asset| asset == own.asset)
            && own.amount == authorization.amount()
            && own.pay_to == authorization.payee()
    })
}

/// The candidate, where there is exactly one.
fn only<T>(mut candidates: impl Iterator<Item = T>) -> Option<T> {
    let first = candidates.next()?;
    candidates.next().is_none().then_some(first)
}

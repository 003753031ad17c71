//! The ticket check: it looks at the ticket and at nothing else; and where there is none, at the payment.

use super::event::About;
use super::flow::{Flow, Stage};
use super::full::IS_FULL;
use super::http::{query_value, split_url};
use super::order::{Order, Place};
use super::routes::{Destination, Route};
use super::step::{Admission, Effect, Step};
use super::{EventKind, Gate, GateError, RequestHead};
use crate::address::Address;
use crate::dialect::{MAX_HEADER_BYTES, v1, v2};
use crate::protocol::{Dialect, Refusal};
use crate::ticket::{Ticket, TicketError};
use crate::verify::inspect;
use alloc::string::ToString as _;

pub(super) const MAX_URL_BYTES: usize = 2048;

impl Gate {
    /// A request comes in. `now` in seconds since the epoch.
    #[must_use]
    pub fn begin(&self, head: &impl RequestHead, now: u64) -> Step {
        let (method, url) = (head.method(), head.url());
        if method == "OPTIONS" {
            return Step::Respond(self.preflight());
        }
        if url.len() > MAX_URL_BYTES {
            return Step::Respond(self.error(GateError::UrlTooLong));
        }
        let Some((_, path)) = split_url(&url) else { return Step::Respond(self.error(GateError::NoSuchRoute)) };
        if self.office.as_deref() == Some(path) {
            return self.enter_office(&method, &url);
        }
        let beside = self.inquire(head, path).or_else(|| self.beside_the_office(head, path, now));
        if let Some(step) = beside {
            return step;
        }
        match self.routes.find(&method, path) {
            Destination::Nowhere => Step::Respond(self.error(GateError::NoSuchRoute)),
            Destination::Free(id) => {
                Step::Admit(Admission { route: id.into(), ticket: None, charges: false, receipt: None })
            }
            Destination::Paid(route) => self.check(route, head, &method, &url, now),
        }
    }

    /// A request comes in for a handler that is wrapped on its own, under the scope that it was registered with.
    #[must_use]
    pub fn begin_scope(&self, scope: &str, head: &impl RequestHead, now: u64) -> Step {
        let (method, url) = (head.method(), head.url());
        if method == "OPTIONS" {
            return Step::Respond(self.preflight());
        }
        match self.routes.by_scope(scope) {
            Some(route) if url.len() <= MAX_URL_BYTES => self.check(route, head, &method, &url, now),
            Some(_) => Step::Respond(self.error(GateError::UrlTooLong)),
            None => Step::Respond(self.error(GateError::NoSuchRoute)),
        }
    }

    /// A request comes in for the office, wherever its router found it.
    #[must_use]
    pub fn begin_office(&self, head: &impl RequestHead, now: u64) -> Step {
        if head.method() == "OPTIONS" {
            return Step::Respond(self.preflight());
        }
        let url = head.url();
        let beside = split_url(&url).and_then(|(_, path)| self.beside_the_office(head, path, now));
        beside.unwrap_or_else(|| self.enter_office(&head.method(), &url))
    }

    /// The page's files, and the door where tickets become cookies.
    fn beside_the_office(&self, head: &impl RequestHead, path: &str, now: u64) -> Option<Step> {
        if !IS_FULL {
            return None;
        }
        self.page_file(path).or_else(|| self.exchange(head, path, now))
    }

    fn enter_office(&self, method: &str, url: &str) -> Step {
        if method != "POST" {
            return Step::Respond(self.error(GateError::MethodNotAllowed));
        }
        let stage = Stage::Body { scope: query_value(url, "scope") };
        Step::Need(Effect::ReadBody { max_bytes: crate::dialect::MAX_BODY_BYTES }, Flow { stage })
    }

    /// The ticket check; and where there is no ticket, the payment.
    fn check(&self, route: &Route, head: &impl RequestHead, method: &str, url: &str, now: u64) -> Step {
        let ticket = match head.header("authorization") {
            Some(value) => self.ticket_in(&value, &route.scope, now),
            None if IS_FULL => self.ticket_in_cookie(route, head, now),
            None => Err(TicketError::Missing),
        };
        let reason = match ticket {
            Ok(ticket) if route.revocable => return self.doubt(route, ticket, url.into()),
            Ok(ticket) => {
                let event = self.event(EventKind::Admitted, About { ticket: Some(&ticket), ..About::route(route) });
                let admission =
                    Admission { route: route.id.clone(), ticket: Some(ticket), charges: false, receipt: None };
                return Step::Admit(admission).telling(event);
            }
            Err(reason) => reason,
        };
        let payment = match (head.header("payment-signature"), head.header("x-payment")) {
            (Some(_), Some(_)) => return self.refuse(route, url, Dialect::V2, None, Refusal::Ambiguous),
            (Some(payment), None) => Some((Dialect::V2, payment)),
            (None, payment) => payment.map(|payment| (Dialect::V1, payment)),
        };
        match payment {
            // A HEAD must not be charged, so it is answered as if it had not paid.
            Some((dialect, payment)) if method != "HEAD" => self.paid_with(route, url, dialect, &payment, now),
            _ => {
                if let Some(own) = self.extensions.sign_in()
                    && let Some(proof) = head.header("sign-in-with-x")
                {
                    return self.sign_in(own, route, url, &proof, now);
                }
                let about = About { code: Some(reason.code()), ..About::route(route) };
                let event = self.event(EventKind::Challenge, about);
                let challenge = match reason {
                    TicketError::Missing => self.standing_challenge(route, url, now),
                    _ => self.challenge(route, url, None, reason.code(), &reason.to_string(), Some(now)),
                };
                Step::Respond(self.readable(challenge, route, head)).telling(event)
            }
        }
    }

    // This and the next by themselves: a host compiles a function when it is first called, and a first visitor has neither.
    #[inline(never)]
    fn ticket_in(&self, authorization: &str, scope: &str, now: u64) -> Result<Ticket, TicketError> {
        bearer(authorization).and_then(|text| self.keyset.check(text, scope, now))
    }

    #[inline(never)]
    fn paid_with(&self, route: &Route, url: &str, dialect: Dialect, payment: &str, now: u64) -> Step {
        let document = v2::from_header(payment, MAX_HEADER_BYTES);
        let received = document.as_ref().map_err(|refusal| *refusal).and_then(|document| match dialect {
            Dialect::V1 => v1::read_payment(document),
            _ => v2::read_payment(document),
        });
        let extensions = document.as_ref().ok().and_then(|document| document.get("extensions"));
        let payer = received.as_ref().ok().map(|received| received.authorization.payer());
        let inspected = received.and_then(|received| inspect(&received, &route.requirements, now, self.skew));
        let named = inspected.and_then(|own| Ok((own, self.name_of(route, dialect, extensions)?)));
        match named {
            Ok((candidate, name)) => {
                let resource = self.resource_on(dialect, url);
                let place = Place::Resource { route: route.id.clone(), url: url.into(), handled: false, charge: None };
                let document = self.facilitated.document(|| document.ok());
                let order = Order::new(dialect, route, place).asked_with(document);
                self.examine(candidate, Order { name, resource, ..order }, now)
            }
            Err(refusal) => self.refuse(route, url, dialect, payer, refusal),
        }
    }

    fn refuse(&self, route: &Route, url: &str, dialect: Dialect, payer: Option<Address>, refusal: Refusal) -> Step {
        let about = About { code: Some(refusal.code()), ..About::route(route) };
        let event = self.event(EventKind::Refused, about);
        Step::Respond(self.refused(route, url, dialect, payer, refusal)).telling(event)
    }
}

/// The text behind `Bearer`, in any case of that word (RFC 9110 section 11.1).
pub(super) fn bearer(value: &str) -> Result<&str, TicketError> {
    let (scheme, text) = value.split_once(' ').ok_or(TicketError::Missing)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(text.trim_start_matches(' ')) } else { Err(TicketError::Missing) }
}

//! The gate's own answers, and what it adds to the answers of handlers.

use super::http::percent_encoded;
use super::routes::Route;
use super::{Gate, GateError, Header, Response};
use crate::address::Address;
use crate::dialect::words::{v1_word, v2_word};
use crate::dialect::{mock, v1, v2};
use crate::json::{Object, Value};
use crate::ledger::{Entry, State};
use crate::protocol::{Challenge, Dialect, IssuedTicket, OfficeOffer, Receipt, Refusal, Resource};
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

const EXPOSED: [&str; 3] = [v2::CHALLENGE_HEADER, v2::RECEIPT_HEADER, v1::RECEIPT_HEADER];

/// Stock clients send `Access-Control-Expose-Headers` as a *request* header on their paid retry, so a preflight that
/// does not allow it fails (S27).
const ALLOWED: &str =
    "Content-Type, Authorization, PAYMENT-SIGNATURE, X-PAYMENT, SIGN-IN-WITH-X, Access-Control-Expose-Headers";

impl Gate {
    /// A ticket is a fixed price paid before: nothing for those who pay for what they used.
    pub(super) fn office_offer(&self, route: &Route) -> Option<OfficeOffer> {
        self.office.as_ref().filter(|_| !route.is_metered()).map(|path| OfficeOffer {
            endpoint: [path, "?scope=", &percent_encoded(&route.scope)].concat(),
            scope: Some(route.scope.clone()),
            ttl: Some(route.ttl),
        })
    }

    /// The 402 of a route, in every dialect at once. `payer` is who a payment that was not enough says that it is from.
    pub(super) fn challenge(
        &self,
        route: &Route,
        url: &str,
        payer: Option<Address>,
        code: &str,
        message: &str,
        asked_at: Option<u64>,
    ) -> Response {
        let (response, challenge) = self.challenge_parts(route, url, payer, code, message, asked_at);
        response.with_challenge(&challenge)
    }

    /// The same without its header of version 2, and what is in that.
    #[inline(never)]
    pub(super) fn challenge_parts(
        &self,
        route: &Route,
        url: &str,
        payer: Option<Address>,
        code: &str,
        message: &str,
        asked_at: Option<u64>,
    ) -> (Response, Value) {
        let office = self.office_offer(route);
        let resource =
            Resource { url, description: route.description.as_deref(), mime_type: route.mime_type.as_deref() };
        let accepts = &route.requirements;
        let challenge = Challenge { code, message, payer, resource, accepts, office: office.as_ref() };
        let body = v1::write_challenge(&challenge, Object::new().text("code", code).text("message", message));
        let response = self.json(402, &mock::write_challenge(&challenge, body).end());
        let extensions = self.extensions(route, office.as_ref(), url, asked_at);
        (response, v2::challenge_document(&challenge, extensions))
    }

    /// A payment on the resource that is not accepted.
    pub(super) fn refused(
        &self,
        route: &Route,
        url: &str,
        dialect: Dialect,
        payer: Option<Address>,
        refusal: Refusal,
    ) -> Response {
        if refusal.status() == 402 {
            self.challenge(route, url, payer, refusal.code(), &refusal.to_string(), None)
        } else {
            self.problem(dialect, refusal.status(), refusal.code(), &refusal.to_string())
        }
    }

    /// A payment at the office that somebody else refused.
    pub(super) fn refused_with(&self, dialect: Dialect, code: &str, message: &str) -> Response {
        match dialect {
            Dialect::Mock => self.mock_problem(code, message),
            Dialect::V1 | Dialect::V2 => self.problem(dialect, 402, code, message),
        }
    }

    /// A payment at the office that is not accepted. Clients of x402-mock post again without end on a 402.
    pub(super) fn refused_at_office(&self, dialect: Dialect, refusal: Refusal) -> Response {
        match dialect {
            Dialect::Mock => self.mock_problem(refusal.code(), &refusal.to_string()),
            Dialect::V1 | Dialect::V2 => self.problem(dialect, refusal.status(), refusal.code(), &refusal.to_string()),
        }
    }

    /// An error that is not about the payment itself.
    pub(super) fn error(&self, error: GateError) -> Response {
        self.error_to(Dialect::V2, error)
    }

    /// The same to whoever brought a payment.
    pub(super) fn error_to(&self, dialect: Dialect, error: GateError) -> Response {
        if dialect == Dialect::Mock && error.status() == 402 {
            return self.mock_problem(error.code(), &error.to_string());
        }
        let mut response = self.problem(dialect, error.status(), error.code(), &error.to_string());
        match error {
            GateError::MethodNotAllowed => response.headers.push(("Allow", "POST".into())),
            GateError::OperatorKey => response.headers.push(("WWW-Authenticate", "Bearer".into())),
            GateError::InProgress
            | GateError::NoCredit
            | GateError::LedgerUnreachable
            | GateError::ChainUnreachable
            | GateError::SettlementPending => {
                response.headers.push(("Retry-After", "1".into()));
            }
            _ => {}
        }
        response
    }

    pub(super) fn problem(&self, dialect: Dialect, status: u16, code: &str, message: &str) -> Response {
        let (version, word) = match dialect {
            Dialect::V1 => (Some(1), v1_word(code)),
            Dialect::V2 | Dialect::Mock => (None, v2_word(code)),
        };
        self.json(status, &described(Object::new().number_if("x402Version", version), word, code, message))
    }

    fn mock_problem(&self, code: &str, message: &str) -> Response {
        self.json(400, &described(Object::new(), &format!("Verification failed: {message}"), code, message))
    }

    /// The office's ticket, with a receipt for those who read headers.
    pub(super) fn sold(&self, receipt: Header, ticket: &IssuedTicket, now: u64) -> Response {
        let mut response = self.json(200, &mock::write_ticket(ticket, now));
        response.headers.push(receipt);
        response
    }

    /// The answer to a browser's question whether it may ask (S27).
    pub(super) fn preflight(&self) -> Response {
        let mut headers = Vec::new();
        if self.cors {
            headers.extend([
                ("Access-Control-Allow-Origin", "*".into()),
                ("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS".into()),
                ("Access-Control-Allow-Headers", ALLOWED.into()),
                ("Access-Control-Max-Age", "86400".into()),
            ]);
        }
        Response { status: 204, headers, body: String::new() }
    }

    fn json(&self, status: u16, body: &Value) -> Response {
        let mut headers: Vec<Header> =
            Vec::from([("Content-Type", "application/json".into()), ("Cache-Control", "no-store".into())]);
        if self.cors {
            headers.push(("Access-Control-Allow-Origin", "*".into()));
            headers.push(("Access-Control-Expose-Headers", EXPOSED.join(", ")));
        }
        Response { status, headers, body: body.to_string() }
    }

    /// What a paid answer of a handler gets on top of its receipt: never into a shared cache (S26), readable across
    /// origins (S27). `existing` looks up the handler's own headers, by lower-case name.
    #[must_use]
    pub fn dress<'a>(&self, existing: impl Fn(&str) -> Option<alloc::borrow::Cow<'a, str>>) -> Vec<Header> {
        let mut headers: Vec<Header> = Vec::new();
        let cache = existing("cache-control").unwrap_or_default();
        if let Some(merged) = merged_cache_control(&cache) {
            headers.push(("Cache-Control", merged));
        }
        if self.cors {
            if existing("access-control-allow-origin").is_none() {
                headers.push(("Access-Control-Allow-Origin", "*".into()));
            }
            let exposed = existing("access-control-expose-headers").unwrap_or_default();
            headers.push(("Access-Control-Expose-Headers", merged_list(&exposed, &EXPOSED)));
        }
        headers
    }
}

impl Response {
    pub(super) fn with_challenge(mut self, challenge: &Value) -> Self {
        self.headers.push((v2::CHALLENGE_HEADER, v2::to_header(challenge)));
        self
    }
}

fn described(document: Object, error: &str, code: &str, message: &str) -> Value {
    document.text("error", error).text("code", code).text("message", message).end()
}

/// The receipt of an accepted payment.
pub(super) fn receipt(dialect: Dialect, entry: &Entry, ticket: &IssuedTicket, signed: Option<Value>) -> Header {
    let cashed = entry.transaction().filter(|_| entry.state() == State::Settled);
    let receipt = Receipt {
        payer: Some(entry.authorization().payer()),
        network: Some(entry.network()),
        transaction: cashed.map(|transaction| transaction.hash),
        amount: entry.authorization().is_ceiling().then(|| entry.amount()),
        ticket: (!entry.authorization().is_ceiling()).then(|| ticket.clone()),
        signed,
    };
    match dialect {
        Dialect::V1 => (v1::RECEIPT_HEADER, v1::write_receipt(&receipt)),
        Dialect::V2 | Dialect::Mock => (v2::RECEIPT_HEADER, v2::write_receipt(&receipt)),
    }
}

/// `private` in place of `public` and `s-maxage`; nothing to do where it is private or not stored already.
fn merged_cache_control(existing: &str) -> Option<String> {
    let is = |directive: &str, name: &str| {
        directive.split('=').next().is_some_and(|own| own.trim().eq_ignore_ascii_case(name))
    };
    let directives = || existing.split(',').map(str::trim).filter(|directive| !directive.is_empty());
    if directives().any(|directive| is(directive, "private") && !directive.contains('=') || is(directive, "no-store")) {
        return None;
    }
    let kept = directives()
        .filter(|directive| !is(directive, "public") && !is(directive, "s-maxage") && !is(directive, "private"));
    Some(core::iter::once("private").chain(kept).collect::<Vec<_>>().join(", "))
}

fn merged_list(existing: &str, ours: &[&str]) -> String {
    let own: Vec<&str> = existing.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    let missing = ours.iter().filter(|name| !own.iter().any(|own| own.eq_ignore_ascii_case(name)));
    own.iter().chain(missing).copied().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s26_paid_answers_are_private() {
        for (existing, merged) in [
            ("", Some("private")),
            ("max-age=60", Some("private, max-age=60")),
            ("public, max-age=60, s-maxage=600", Some("private, max-age=60")),
            ("Public", Some("private")),
            ("private=\"set-cookie\", max-age=1", Some("private, max-age=1")),
            ("private, max-age=60", None),
            ("no-store", None),
        ] {
            assert_eq!(merged_cache_control(existing).as_deref(), merged, "{existing}");
        }
    }

    #[test]
    fn s27_lists_are_merged_never_overwritten() {
        assert_eq!(merged_list("", &["A", "B"]), "A, B");
        assert_eq!(merged_list("X-Own, b", &["A", "B"]), "X-Own, b, A");
    }
}

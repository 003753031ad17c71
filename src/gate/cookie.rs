//! Tickets as cookies, for what a browser asks for by itself: pages, pictures, films (S37).
//!
//! A ticket is exchanged for a cookie at a door beside the office. The cookie counts for `GET` and `HEAD` only, so that no
//! other site can make a visitor's browser do anything with it; and only where the operator turned cookies on.

use super::http::{percent_encoded, query_value};
use super::routes::Route;
use super::step::Step;
use super::{Gate, GateError, RequestHead, Response};
use crate::protocol::Dialect;
use crate::ticket::{Ticket, TicketError};
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// Behind the office's path, with the office's query.
const DOOR: &str = "/cookie";

impl Gate {
    /// The ticket that a browser brings by itself. Of several cookies of the name, which other hosts of the domain may
    /// have set, the first that opens the route counts.
    #[inline(never)]
    pub(super) fn ticket_in_cookie(
        &self,
        route: &Route,
        head: &impl RequestHead,
        now: u64,
    ) -> Result<Ticket, TicketError> {
        let mut reason = TicketError::Missing;
        let cookies = head.header("cookie").filter(|_| self.cookies && is_safe(&head.method())).unwrap_or_default();
        let name = name_of(&route.scope);
        for cookie in cookies.split(';') {
            let Some(text) = cookie.trim_start().strip_prefix(name.as_str()) else { continue };
            match self.keyset.check(text, &route.scope, now) {
                Ok(ticket) => return Ok(ticket),
                Err(error) => reason = error,
            }
        }
        Err(reason)
    }

    /// `POST /token/cookie?scope=…` with a ticket in `Authorization`, which no other site can send in a visitor's name.
    #[cold]
    pub(super) fn exchange(&self, head: &impl RequestHead, path: &str, now: u64) -> Option<Step> {
        self.office.as_deref().filter(|office| self.cookies && path.strip_prefix(office) == Some(DOOR))?;
        if head.method() != "POST" {
            return Some(Step::Respond(self.error(GateError::MethodNotAllowed)));
        }
        let scope = query_value(&head.url(), "scope").unwrap_or_default();
        let Some(route) = self.routes.by_scope(&scope) else {
            return Some(Step::Respond(self.error(GateError::UnknownScope)));
        };
        let value = head.header("authorization").unwrap_or_default();
        let checked = super::check::bearer(&value)
            .and_then(|text| Ok((text, self.keyset.check(text, &scope, now)?.expires_at.saturating_sub(now))));
        Some(Step::Respond(match checked {
            Ok((text, seconds)) => self.seated(route, text, seconds),
            Err(reason) => self.problem(Dialect::V2, 402, reason.code(), &reason.to_string()),
        }))
    }

    fn seated(&self, route: &Route, ticket: &str, seconds: u64) -> Response {
        let name = name_of(&route.scope);
        let path = self.routes.common_path(&route.scope);
        let age = seconds.to_string();
        let parts = [&*name, ticket, "; Path=", &path, "; Max-Age=", &age, "; HttpOnly; Secure; SameSite=Lax"];
        let headers = Vec::from([("Set-Cookie", parts.concat()), ("Cache-Control", "no-store".into())]);
        Response { status: 204, headers, body: String::new() }
    }
}

/// One for each scope: tickets for other doors of the same path stay beside it. With its `=`.
fn name_of(scope: &str) -> String {
    ["x402-", &percent_encoded(scope), "="].concat()
}

/// What other sites can make a browser send with cookies has to be without effect (RFC 9110 section 9.2.1).
fn is_safe(method: &str) -> bool {
    matches!(method, "GET" | "HEAD")
}

//! The tickets that the payer holds, and which of them opens what.
//!
//! A ticket is sold by an origin and opens what its scope names, or where the challenge names none, what its office sells:
//! `origin` and `name`.

use super::rows::{Rows, has_texts, row};
use crate::json::Value;
use crate::protocol::IssuedTicket;

/// Tickets and paths that are kept at most (S73).
const MAX_TICKETS: usize = 128;
const MAX_PATHS: usize = 512;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tickets {
    /// `origin`, `name`, `ticket`, `expires`, and where the dialect says so `scope` and `jti`.
    pub(super) held: Rows,
    /// The requests that a kind of ticket has opened before: `origin`, `method`, `path`, `name`.
    pub(super) paths: Rows,
}

impl Tickets {
    /// Reads the rows of a record.
    pub(super) fn read(record: &Value) -> Option<Self> {
        Some(Self {
            held: Rows::read(record.list("tickets")?, &|row| {
                row.number("expires")?;
                has_texts(row, &["origin", "name", "ticket"])
            })?,
            paths: Rows::read(record.list("paths")?, &|row| has_texts(row, &["origin", "method", "path", "name"]))?,
        })
    }

    /// The text of the ticket for a scope.
    pub(super) fn opening(&self, origin: &str, name: &str, now: u64) -> Option<&str> {
        let held = self.held.find(&[("origin", origin), ("name", name)])?;
        if held.number("expires")? > now { held.text("ticket") } else { None }
    }

    /// Whether something of this scope was opened before, and its ticket is gone without having run out.
    pub(super) fn lost(&self, origin: &str, name: &str) -> bool {
        let scope = [("origin", origin), ("name", name)];
        self.paths.find(&scope).is_some() && self.held.find(&scope).is_none()
    }

    /// The ticket that opened the same path before.
    pub(super) fn for_path(&self, origin: &str, method: &str, path: &str, now: u64) -> Option<&str> {
        let known = self.paths.find(&[("origin", origin), ("method", method), ("path", path)])?;
        self.opening(origin, known.text("name")?, now)
    }

    /// Keeps a ticket in place of an older one, and answers with its row.
    pub(super) fn keep(&mut self, origin: &str, name: &str, ticket: &IssuedTicket, now: u64) -> Value {
        let scope = [("origin", origin), ("name", name)];
        let held = row(&scope)
            .text("ticket", &ticket.text)
            .text_if("scope", ticket.scope.as_deref())
            .number("expires", ticket.expires_at)
            .text_if("jti", ticket.id.as_deref())
            .end();
        self.held.outlive("expires", now);
        self.held.put(&scope, held.clone(), MAX_TICKETS);
        held
    }

    /// Remembers what opens a path.
    pub(super) fn remember(&mut self, origin: &str, method: &str, path: &str, name: &str) {
        let known = [("origin", origin), ("method", method), ("path", path)];
        self.paths.put(&known, row(&known).text("name", name).end(), MAX_PATHS);
    }

    /// Drops a ticket that its gate refused.
    pub(super) fn drop_refused(&mut self, text: &str) {
        self.held.remove(&[("ticket", text)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    const NOW: u64 = 1_700_000_000;
    const CINEMA: &str = "https://cinema.example";

    fn ticket(text: &str, expires_at: u64) -> IssuedTicket {
        IssuedTicket { text: text.into(), scope: None, expires_at, id: None }
    }

    #[test]
    fn a_ticket_opens_its_own_scope_until_it_expires() {
        let mut tickets = Tickets::default();
        tickets.keep(CINEMA, "matinee", &ticket("a", NOW + 10), NOW);
        assert!(tickets.opening(CINEMA, "matinee", NOW + 9).is_some());
        assert!(tickets.opening(CINEMA, "matinee", NOW + 10).is_none());
        assert!(tickets.opening(CINEMA, "premiere", NOW).is_none());
        assert!(tickets.opening("https://theatre.example", "matinee", NOW).is_none());
    }

    #[test]
    fn a_known_path_needs_no_second_challenge() {
        let mut tickets = Tickets::default();
        tickets.keep(CINEMA, "matinee", &ticket("a", NOW + 10), NOW);
        tickets.remember(CINEMA, "GET", "/films/1", "matinee");
        let for_path = |origin, method, path| tickets.for_path(origin, method, path, NOW).is_some();
        assert!(for_path("https://cinema.example", "GET", "/films/1"));
        assert!(!for_path("https://cinema.example", "POST", "/films/1"));
        assert!(!for_path("https://cinema.example", "GET", "/films/2"));
        assert!(!for_path("http://cinema.example", "GET", "/films/1"));
    }

    #[test]
    fn s73_what_is_kept_is_bounded() {
        let mut tickets = Tickets::default();
        for number in 0..1000 {
            let number = number.to_string();
            tickets.keep(CINEMA, &number, &ticket("a", NOW + 10), NOW);
            tickets.remember(CINEMA, "GET", &number, "matinee");
            tickets.remember(CINEMA, "GET", &number, "premiere");
        }
        assert_eq!(tickets.held.iter().count(), MAX_TICKETS);
        assert_eq!(tickets.paths.iter().count(), MAX_PATHS);
        assert!(tickets.opening(CINEMA, "999", NOW).is_some());
    }
}

//! The tickets that the payer holds, and which of them opens what.

use crate::protocol::IssuedTicket;
use alloc::string::String;
use alloc::vec::Vec;

/// Tickets and paths that are kept at most; the oldest go first (S73).
const MAX_TICKETS: usize = 128;
const MAX_PATHS: usize = 512;

/// What a ticket opens: a name that its origin gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scope {
    /// Who sold it.
    pub(super) origin: String,
    /// Its scope, or where the challenge names none, the office that sells it.
    pub(super) name: String,
}

/// A ticket and what it opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HeldTicket {
    pub(super) scope: Scope,
    pub(super) ticket: IssuedTicket,
}

/// A request that a kind of ticket has opened before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KnownPath {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) scope: Scope,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tickets {
    pub(super) held: Vec<HeldTicket>,
    pub(super) paths: Vec<KnownPath>,
}

impl Tickets {
    /// The ticket for a scope.
    pub(super) fn opening(&self, scope: &Scope, now: u64) -> Option<&IssuedTicket> {
        let held = self.held.iter().find(|held| held.scope == *scope && held.ticket.expires_at > now)?;
        Some(&held.ticket)
    }

    /// Whether something of this scope was opened before, and its ticket is gone without having run out.
    pub(super) fn lost(&self, scope: &Scope) -> bool {
        self.paths.iter().any(|known| known.scope == *scope) && !self.held.iter().any(|held| held.scope == *scope)
    }

    /// The ticket that opened the same path before.
    pub(super) fn for_path(&self, origin: &str, method: &str, path: &str, now: u64) -> Option<&IssuedTicket> {
        let is_it = |known: &&KnownPath| known.scope.origin == origin && known.path == path && known.method == method;
        self.opening(&self.paths.iter().find(is_it)?.scope, now)
    }

    /// Keeps a ticket in place of an older one.
    pub(super) fn keep(&mut self, scope: Scope, ticket: IssuedTicket, now: u64) {
        self.held.retain(|held| held.scope != scope && held.ticket.expires_at > now);
        drop_oldest(&mut self.held, MAX_TICKETS);
        self.held.push(HeldTicket { scope, ticket });
    }

    /// Remembers what opens a path.
    pub(super) fn remember(&mut self, method: String, path: String, scope: Scope) {
        let known = KnownPath { method, path, scope };
        if self.paths.contains(&known) {
            return;
        }
        let is_same = |other: &KnownPath| {
            other.method == known.method && other.path == known.path && other.scope.origin == known.scope.origin
        };
        self.paths.retain(|other| !is_same(other));
        drop_oldest(&mut self.paths, MAX_PATHS);
        self.paths.push(known);
    }

    /// Drops a ticket that its gate refused.
    pub(super) fn drop_refused(&mut self, text: &str) {
        self.held.retain(|held| held.ticket.text != text);
    }
}

fn drop_oldest<T>(kept: &mut Vec<T>, limit: usize) {
    if kept.len() >= limit {
        kept.remove(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    const NOW: u64 = 1_700_000_000;

    fn scope(name: &str) -> Scope {
        Scope { origin: "https://cinema.example".into(), name: name.into() }
    }

    fn ticket(text: &str, expires_at: u64) -> IssuedTicket {
        IssuedTicket { text: text.into(), scope: None, expires_at, id: None }
    }

    #[test]
    fn a_ticket_opens_its_own_scope_until_it_expires() {
        let mut tickets = Tickets::default();
        tickets.keep(scope("matinee"), ticket("a", NOW + 10), NOW);
        assert!(tickets.opening(&scope("matinee"), NOW + 9).is_some());
        assert!(tickets.opening(&scope("matinee"), NOW + 10).is_none());
        assert!(tickets.opening(&scope("premiere"), NOW).is_none());
        let elsewhere = Scope { origin: "https://theatre.example".into(), ..scope("matinee") };
        assert!(tickets.opening(&elsewhere, NOW).is_none());
    }

    #[test]
    fn a_known_path_needs_no_second_challenge() {
        let mut tickets = Tickets::default();
        tickets.keep(scope("matinee"), ticket("a", NOW + 10), NOW);
        tickets.remember("GET".into(), "/films/1".into(), scope("matinee"));
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
            tickets.keep(scope(&number.to_string()), ticket("a", NOW + 10), NOW);
            tickets.remember("GET".into(), number.to_string(), scope("matinee"));
            tickets.remember("GET".into(), number.to_string(), scope("premiere"));
        }
        assert_eq!(tickets.held.len(), MAX_TICKETS);
        assert_eq!(tickets.paths.len(), MAX_PATHS);
        assert!(tickets.opening(&scope("999"), NOW).is_some());
    }
}

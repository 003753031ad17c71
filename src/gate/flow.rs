//! The ticket check, and a payment's way from the request into the ledger.

use super::answer::receipt;
use super::http::{query_value, split_url};
use super::routes::{Destination, Route};
use super::{Gate, GateError, RequestHead, Response};
use crate::dialect::v2;
use crate::ledger::{Claim, Entry, Grant, LedgerOp, LedgerOutcome, State, Stored};
use crate::protocol::{Dialect, IssuedTicket, Refusal};
use crate::ticket::{Paid, Ticket, TicketError};
use crate::verify::{VerifiedPayment, verify};
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// What the shell does next.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "a shell handles every step")]
pub enum Step {
    /// Send this; the end.
    Respond(Response),
    /// Run the handler and send what it answers, dressed by [`Gate::dress`] where it was paid for; the end.
    Admit(Admission),
    /// Send what the handler answered, with this receipt where there is one; the end.
    Deliver {
        /// The value of `PAYMENT-RESPONSE`.
        receipt: Option<String>,
    },
    /// Do this, then resume the flow with its outcome.
    Need(Effect, Flow),
}

/// Something that only the runtime can do.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "a shell handles every effect")]
pub enum Effect {
    /// Read the request's body as UTF-8, at most this many bytes; answered with [`Outcome::Body`].
    ReadBody {
        /// One byte more is too large.
        max_bytes: usize,
    },
    /// Ask the store; answered with [`Outcome::Ledger`].
    Ledger(LedgerOp),
    /// Run the handler and keep its answer; answered with [`Outcome::Handled`].
    Handle(Admission),
    /// Wait; answered with [`Outcome::Woke`].
    Sleep {
        /// Milliseconds.
        ms: u32,
    },
}

/// What came of an effect.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "one for each effect")]
pub enum Outcome {
    /// The body, or why there is none.
    Body(Result<String, BodyFault>),
    /// The store's answer.
    Ledger(LedgerOutcome),
    /// The handler's status; 500 where it threw.
    Handled {
        /// The status of its answer.
        status: u16,
    },
    /// The time is over.
    Woke,
}

/// Why a body could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "a shell tells which")]
pub enum BodyFault {
    /// More bytes than were asked for.
    TooLarge,
    /// It did not end in time.
    TooSlow,
    /// Not UTF-8.
    NotText,
}

/// Who may pass, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// The route's id, as configured.
    pub route: String,
    /// The ticket that opened it; `None` on free routes.
    pub ticket: Option<Ticket>,
    /// The receipt of a payment that was accepted before and comes again.
    pub receipt: Option<String>,
}

/// A request that waits for an outcome.
#[derive(Debug)]
pub struct Flow {
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    /// At the office, before its body is read.
    Body { scope: Option<String> },
    /// The entry is on its way into the ledger, in place of this version.
    Writing { purchase: Purchase, entry: Entry, expected: u64 },
    /// Somebody else was there first: who?
    Reading { purchase: Purchase },
    /// The same payment is being served elsewhere.
    Waiting { purchase: Purchase },
    /// The handler runs under our claim.
    Handling { purchase: Purchase, claimed: Stored },
    /// The handler failed: the claim goes, the payment stays unused.
    Releasing,
}

/// A verified payment on its way into the ledger.
#[derive(Debug)]
struct Purchase {
    payment: VerifiedPayment,
    scope: String,
    place: Place,
    /// How often the ledger was asked; bounds the loop.
    turns: u8,
}

#[derive(Debug)]
enum Place {
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

const MAX_URL_BYTES: usize = 2048;
/// How long a handler may take before the same payment may be served again, in seconds.
const LEASE: u64 = 30;
const MAX_TURNS: u8 = 40;
const WAIT_MS: u32 = 100;

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
        match self.routes.find(&method, path) {
            Destination::Nowhere => Step::Respond(self.error(GateError::NoSuchRoute)),
            Destination::Free(id) => Step::Admit(Admission { route: id.into(), ticket: None, receipt: None }),
            Destination::Paid(route) => self.check(route, head, now),
        }
    }

    /// A request comes in for a handler that is wrapped on its own, under the scope that it was registered with.
    #[must_use]
    pub fn begin_scope(&self, scope: &str, head: &impl RequestHead, now: u64) -> Step {
        if head.method() == "OPTIONS" {
            return Step::Respond(self.preflight());
        }
        match self.routes.by_scope(scope) {
            Some(route) if head.url().len() <= MAX_URL_BYTES => self.check(route, head, now),
            Some(_) => Step::Respond(self.error(GateError::UrlTooLong)),
            None => Step::Respond(self.error(GateError::NoSuchRoute)),
        }
    }

    /// A request comes in for the office, wherever its router found it.
    #[must_use]
    pub fn begin_office(&self, head: &impl RequestHead) -> Step {
        if head.method() == "OPTIONS" {
            return Step::Respond(self.preflight());
        }
        self.enter_office(&head.method(), &head.url())
    }

    fn enter_office(&self, method: &str, url: &str) -> Step {
        if method != "POST" {
            return Step::Respond(self.error(GateError::MethodNotAllowed));
        }
        let stage = Stage::Body { scope: query_value(url, "scope") };
        Step::Need(Effect::ReadBody { max_bytes: crate::dialect::MAX_BODY_BYTES }, Flow { stage })
    }

    /// The ticket check; and where there is no ticket, the payment.
    fn check(&self, route: &Route, head: &impl RequestHead, now: u64) -> Step {
        let url = head.url();
        let ticket = match head.header("authorization") {
            Some(value) => bearer(&value).and_then(|text| self.keyset.check(text, &route.scope, now)),
            None => Err(TicketError::Missing),
        };
        let reason = match ticket {
            Ok(ticket) => {
                return Step::Admit(Admission { route: route.id.clone(), ticket: Some(ticket), receipt: None });
            }
            Err(reason) => reason,
        };
        let payment = head.header("payment-signature");
        if payment.is_some() && head.header("x-payment").is_some() {
            return Step::Respond(self.refused(route, &url, Refusal::Ambiguous));
        }
        match payment {
            // A HEAD must not be charged, so it is answered as if it had not paid.
            Some(payment) if head.method() != "HEAD" => {
                let received = v2::read_payment_header(&payment);
                match received.and_then(|received| verify(&received, &route.requirements, now, self.skew)) {
                    Ok(payment) => {
                        let place = Place::Resource { route: route.id.clone(), url: url.into_owned(), handled: false };
                        self.purchase(Purchase { payment, scope: route.scope.clone(), place, turns: 0 }, now)
                    }
                    Err(refusal) => Step::Respond(self.refused(route, &url, refusal)),
                }
            }
            _ => Step::Respond(self.challenge(route, &url, reason.code(), &reason.to_string())),
        }
    }

    /// Tries to be the first: one write, no look before (S39).
    fn purchase(&self, purchase: Purchase, now: u64) -> Step {
        let claim = Claim { at: now, lease_until: now.saturating_add(LEASE) };
        let entry = Entry::claimed(&purchase.payment, self.issuer(), &purchase.scope, claim);
        self.write(purchase, entry, 0, now)
    }

    /// Writes a claim as it is, or as a grant where nothing stands between the two.
    fn write(&self, purchase: Purchase, claimed: Entry, expected: u64, now: u64) -> Step {
        let at_once = match purchase.place {
            Place::Office(_) => true,
            Place::Resource { handled, .. } => handled,
        };
        let entry = if at_once { self.grant(&purchase, claimed, now) } else { Some(claimed) };
        let Some(entry) = entry else { return Step::Respond(self.error(GateError::Internal)) };
        let effect = Effect::Ledger(LedgerOp::Write { entry: entry.clone(), expected });
        Step::Need(effect, Flow { stage: Stage::Writing { purchase, entry, expected } })
    }

    /// Fixes the ticket's bytes.
    fn grant(&self, purchase: &Purchase, claimed: Entry, now: u64) -> Option<Entry> {
        let route = self.routes.by_scope(&purchase.scope)?;
        let ticket = Ticket {
            scope: purchase.scope.clone(),
            payer: Some(purchase.payment.payer()),
            id: Some(claimed.key().to_string()),
            issued_at: now,
            expires_at: now.saturating_add(route.ttl),
            paid: Some(Paid {
                network: purchase.payment.asset().network,
                asset: purchase.payment.asset().address,
                amount: purchase.payment.authorization().value,
            }),
        };
        let text = match purchase.place {
            Place::Office(Dialect::Mock) => self.keyset.issue_mock(&ticket)?,
            Place::Office(_) | Place::Resource { .. } => self.keyset.issue(&ticket)?,
        };
        let issued = IssuedTicket { text, scope: Some(ticket.scope), expires_at: ticket.expires_at, id: ticket.id };
        claimed.granted(Grant { at: now, ticket: issued }, self.settles.then_some(now)).ok()
    }
}

impl Flow {
    /// Goes on with the outcome of the effect that was asked for. `now` in seconds since the epoch.
    #[must_use]
    pub fn resume(self, gate: &Gate, outcome: Outcome, now: u64) -> Step {
        match (self.stage, outcome) {
            (Stage::Body { scope }, Outcome::Body(body)) => gate.receive(scope.as_deref(), body, now),
            (Stage::Writing { purchase, entry, expected }, Outcome::Ledger(LedgerOutcome::Written(true))) => {
                purchase.won(gate, Stored { entry, version: expected.saturating_add(1) }, now)
            }
            (Stage::Writing { purchase, .. }, Outcome::Ledger(LedgerOutcome::Written(false)))
            | (Stage::Waiting { purchase }, Outcome::Woke) => purchase.read(gate),
            (Stage::Reading { purchase }, Outcome::Ledger(LedgerOutcome::Found(None))) => gate.purchase(purchase, now),
            (Stage::Reading { purchase }, Outcome::Ledger(LedgerOutcome::Found(Some(stored)))) => {
                purchase.found(gate, stored, now)
            }
            (Stage::Handling { purchase, claimed }, Outcome::Handled { status }) => {
                purchase.handled(gate, claimed, status, now)
            }
            // The handler's own failure is the answer, whatever became of the claim: its lease runs out.
            (Stage::Releasing, Outcome::Ledger(_)) => Step::Deliver { receipt: None },
            (
                Stage::Writing { purchase, .. } | Stage::Reading { purchase },
                Outcome::Ledger(LedgerOutcome::Unreachable),
            ) => purchase.fail(gate, GateError::LedgerUnreachable),
            _ => Step::Respond(gate.error(GateError::Internal)),
        }
    }
}

impl Purchase {
    fn read(mut self, gate: &Gate) -> Step {
        self.turns = self.turns.saturating_add(1);
        if self.turns > MAX_TURNS {
            return self.fail(gate, GateError::InProgress);
        }
        let effect = Effect::Ledger(LedgerOp::Read(self.payment.replay_key()));
        Step::Need(effect, Flow { stage: Stage::Reading { purchase: self } })
    }

    /// The same payment was here before (S41, S42).
    fn found(self, gate: &Gate, stored: Stored, now: u64) -> Step {
        if stored.entry.scope() != self.scope {
            return self.fail(gate, GateError::UsedElsewhere);
        }
        match stored.entry.state() {
            State::Claimed if now < stored.entry.claim().lease_until && !self.is_handled() => {
                Step::Need(Effect::Sleep { ms: WAIT_MS }, Flow { stage: Stage::Waiting { purchase: self } })
            }
            State::Claimed => {
                let claim = Claim { at: now, lease_until: now.saturating_add(LEASE) };
                match stored.entry.reclaim(claim) {
                    Ok(entry) => gate.write(self, entry, stored.version, now),
                    Err(_) => self.fail(gate, GateError::Internal),
                }
            }
            State::Failed => self.fail(gate, GateError::PaymentFailed),
            State::Granted | State::Settling | State::Settled | State::Unknown => self.repeat(gate, &stored.entry, now),
        }
    }

    fn is_handled(&self) -> bool {
        matches!(self.place, Place::Resource { handled: true, .. })
    }

    /// The write went through.
    fn won(self, gate: &Gate, stored: Stored, now: u64) -> Step {
        if stored.entry.state() != State::Claimed {
            return self.repeat(gate, &stored.entry, now);
        }
        let Place::Resource { route, .. } = &self.place else { return self.fail(gate, GateError::Internal) };
        let admission = Admission { route: route.clone(), ticket: Some(self.ticket(&stored.entry)), receipt: None };
        Step::Need(Effect::Handle(admission), Flow { stage: Stage::Handling { purchase: self, claimed: stored } })
    }

    /// The handler answered. Below 400 it is paid for; otherwise the payment stays unused (S43).
    fn handled(mut self, gate: &Gate, claimed: Stored, status: u16, now: u64) -> Step {
        if status >= 400 {
            let op = LedgerOp::Remove { key: claimed.entry.key(), expected: claimed.version };
            return Step::Need(Effect::Ledger(op), Flow { stage: Stage::Releasing });
        }
        if let Place::Resource { handled, .. } = &mut self.place {
            *handled = true;
        }
        gate.write(self, claimed.entry, claimed.version, now)
    }

    /// The answer to a granted payment, the first time and every time.
    fn repeat(self, gate: &Gate, entry: &Entry, now: u64) -> Step {
        let Some(grant) = entry.grant() else { return self.fail(gate, GateError::Internal) };
        match &self.place {
            Place::Office(_) => Step::Respond(gate.sold(entry, &grant.ticket, now)),
            Place::Resource { handled: true, .. } => Step::Deliver { receipt: Some(receipt(entry, &grant.ticket)) },
            Place::Resource { .. } if now >= grant.ticket.expires_at => self.fail(gate, GateError::AlreadyUsed),
            Place::Resource { route, .. } => Step::Admit(Admission {
                route: route.clone(),
                ticket: Some(self.ticket(entry)),
                receipt: Some(receipt(entry, &grant.ticket)),
            }),
        }
    }

    /// What the handler is told of a payment that comes without a ticket.
    fn ticket(&self, entry: &Entry) -> Ticket {
        let asset = self.payment.asset();
        Ticket {
            scope: self.scope.clone(),
            payer: Some(self.payment.payer()),
            id: Some(entry.key().to_string()),
            issued_at: entry.claim().at,
            expires_at: entry.grant().map_or(entry.claim().lease_until, |grant| grant.ticket.expires_at),
            paid: Some(Paid {
                network: asset.network,
                asset: asset.address,
                amount: self.payment.authorization().value,
            }),
        }
    }

    fn fail(self, gate: &Gate, error: GateError) -> Step {
        Step::Respond(match (&self.place, gate.routes.by_scope(&self.scope)) {
            (Place::Office(dialect), _) => gate.error_at_office(*dialect, error),
            (Place::Resource { url, .. }, Some(route)) if error.status() == 402 => {
                gate.challenge(route, url, error.code(), &error.to_string())
            }
            _ => gate.error(error),
        })
    }
}

/// The text behind `Bearer`, in any case of that word (RFC 9110 section 11.1).
fn bearer(value: &str) -> Result<&str, TicketError> {
    let (scheme, text) = value.split_once(' ').ok_or(TicketError::Missing)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(text.trim_start_matches(' ')) } else { Err(TicketError::Missing) }
}

/// Scopes whose price this payment meets, for an office that is not told which ticket is bought.
pub(super) fn only<T>(mut candidates: impl Iterator<Item = T>) -> Option<T> {
    let first = candidates.next()?;
    candidates.next().is_none().then_some(first)
}

impl Gate {
    pub(super) fn sell(&self, scope: &str, payment: VerifiedPayment, dialect: Dialect, now: u64) -> Step {
        let purchase = Purchase { payment, scope: scope.into(), place: Place::Office(dialect), turns: 0 };
        self.purchase(purchase, now)
    }

    pub(super) fn all_scopes(&self) -> Vec<&Route> {
        self.routes.scopes().collect()
    }
}

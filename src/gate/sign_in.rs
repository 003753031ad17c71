//! Signing in instead of paying again: whoever proves the key that paid has its ticket back.

use super::answer::receipt;
use super::event::About;
use super::flow::{Flow, Stage};
use super::http::split_url;
use super::purchase::Purchase;
use super::routes::Route;
use super::step::{Admission, Effect, Step};
use super::{ConfigError, EventKind, Gate, GateError, reader::Reader};
use crate::address::Address;
use crate::encoding::bare_hex;
use crate::extension::sign_in::{Invitation, MAX_AGE, Proof, SignInError};
use crate::json::{Object, Value};
use crate::keccak::keccak256;
use crate::ledger::{Entry, LedgerOp, LedgerOutcome, Link, Name, StoredLink};
use crate::network::Network;
use crate::protocol::Dialect;
use crate::verify::ReplayKey;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::sync::atomic::{AtomicU32, Ordering};

/// What an operator says about signing in.
pub(super) struct SignIn {
    /// Where this gate is, to its visitors. Not read from a request: behind proxies its host is anybody's word.
    origin: String,
    statement: Option<String>,
    /// Drawn by the shell. Each invitation hashes a number into it.
    seed: String,
    invited: AtomicU32,
}

/// Enough hex digits for 96 bits.
const LEAST_SEED_BYTES: usize = 24;
const MAX_TURNS: u8 = 6;

impl SignIn {
    pub(super) fn from_config(config: &mut Reader<'_>) -> Result<Option<Self>, ConfigError> {
        let seed = config.text("seed")?.filter(|seed| seed.len() >= LEAST_SEED_BYTES);
        let Some(mut reader) = config.reader("signIn")? else { return Ok(None) };
        let origin = reader.origin()?;
        let statement = reader.text("statement")?;
        if statement.is_some_and(|text| text.is_empty() || text.chars().any(char::is_control)) {
            return Err(reader.wrong("statement", "is one line"));
        }
        reader.end()?;
        let seed = seed.ok_or_else(|| config.wrong("seed", "is a random text of 24 bytes or more"))?;
        Ok(Some(Self { origin, statement: statement.map(Into::into), seed: seed.into(), invited: AtomicU32::new(0) }))
    }

    fn domain(&self) -> &str {
        self.origin.split_once("://").map_or("", |(_, host)| host)
    }

    /// What a challenge says to somebody who asks for this URL.
    pub(super) fn invite(&self, route: &Route, url: &str, now: u64) -> Value {
        let number = self.invited.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        let drawn = keccak256(&[self.seed.as_bytes(), &now.to_be_bytes(), &number]);
        let mut networks: Vec<Network> = Vec::new();
        for own in &route.requirements {
            if !networks.contains(&own.asset.network) {
                networks.push(own.asset.network);
            }
        }
        let path = split_url(url).map_or("/", |(_, path)| path);
        Invitation {
            domain: self.domain(),
            uri: &[self.origin.as_str(), path].concat(),
            statement: self.statement.as_deref(),
            networks: &networks,
            nonce: bare_hex(&drawn).get(..32).unwrap_or_default(),
            issued_at: now,
        }
        .to_value()
    }

    /// What each of its invitations says.
    pub(super) fn constant(&self) -> Value {
        let info = Object::new()
            .text("domain", self.domain())
            .text("version", "1")
            .text_if("statement", self.statement.as_deref())
            .end();
        Object::new().value("info", info).end()
    }
}

/// A believed proof whose ticket is being looked up. The payment is found before the nonce is used up, so that strangers
/// fill no ledger.
#[derive(Debug)]
pub(super) struct Visitor {
    route: String,
    scope: String,
    url: String,
    account: Address,
    nonce: ReplayKey,
    /// What it is let in with, once its nonce turns out to be unused.
    admission: Option<Admission>,
}

impl Gate {
    /// A request with a proof, and without a ticket or a payment.
    pub(super) fn sign_in(&self, own: &SignIn, route: &Route, url: &str, header: &str, now: u64) -> Step {
        let proof = Proof::from_header(header);
        match proof.and_then(|proof| proof.verify(&own.origin, now).map(|account| (proof, account))) {
            Ok((proof, account)) => {
                let visitor = Visitor {
                    route: route.id.clone(),
                    scope: route.scope.clone(),
                    url: url.into(),
                    account,
                    nonce: Name::SignIn(proof.nonce(), account).key(self.issuer()),
                    admission: None,
                };
                visitor.ask(LedgerOp::Read(Name::Buyer(&route.scope, account).key(self.issuer())))
            }
            Err(error) => self.uninvited(route, url, error, now),
        }
    }

    fn uninvited(&self, route: &Route, url: &str, error: SignInError, now: u64) -> Step {
        let event = self.event(EventKind::Challenge, About { code: Some(error.code()), ..About::route(route) });
        Step::Respond(self.challenge(route, url, None, error.code(), &error.to_string(), Some(now))).telling(event)
    }
}

impl Visitor {
    fn ask(self, op: LedgerOp) -> Step {
        Step::Need(Effect::Ledger(op), Flow { stage: Stage::SigningIn(self) })
    }

    pub(super) fn answered(mut self, gate: &Gate, outcome: LedgerOutcome, now: u64) -> Step {
        match (outcome, self.admission.take()) {
            (LedgerOutcome::Linked(StoredLink { link, .. }), None) => self.ask(LedgerOp::Read(link.to)),
            (LedgerOutcome::Found(Some(stored)), None) => match self.admitted_by(gate, &stored.entry, now) {
                Some(admission) => {
                    let link =
                        Link { key: self.nonce, to: stored.entry.key(), due_at: now.saturating_add(2 * MAX_AGE) };
                    self.admission = Some(admission);
                    self.ask(LedgerOp::Link { link, expected: 0 })
                }
                None => self.refused(gate, SignInError::Unpaid, now),
            },
            (LedgerOutcome::Found(None), None) => self.refused(gate, SignInError::Unpaid, now),
            (LedgerOutcome::Written(_), Some(admission)) => {
                let about = About { route: Some(&self.route), scope: Some(&self.scope), ..About::default() };
                let event = gate.event(EventKind::Admitted, About { ticket: admission.ticket.as_ref(), ..about });
                Step::Admit(admission).telling(event)
            }
            (LedgerOutcome::Moved, Some(_)) => self.refused(gate, SignInError::Nonce, now),
            _ => Step::Respond(gate.error(GateError::LedgerUnreachable)),
        }
    }

    /// The stored ticket is checked like one that is shown: its time, its scope and its key.
    fn admitted_by(&self, gate: &Gate, entry: &Entry, now: u64) -> Option<Admission> {
        let grant = entry.grant()?;
        let is_theirs = entry.authorization().payer() == self.account && !entry.is_bounced();
        let ticket = gate.keyset.check(&grant.ticket.text, &self.scope, now).ok().filter(|_| is_theirs)?;
        let receipt = Some(receipt(Dialect::V2, entry, &grant.ticket, None));
        Some(Admission { route: self.route.clone(), ticket: Some(ticket), charges: false, receipt })
    }

    fn refused(self, gate: &Gate, error: SignInError, now: u64) -> Step {
        match gate.routes.by_scope(&self.scope) {
            Some(route) => gate.uninvited(route, &self.url, error, now),
            None => Step::Respond(gate.error(GateError::Internal)),
        }
    }
}

/// A granted payment that is being written down as its payer's last one for its scope.
#[derive(Debug)]
pub(super) struct Sale {
    pub(super) purchase: Purchase,
    pub(super) entry: Entry,
    /// It was granted before: then whatever is written down stays.
    pub(super) again: bool,
    /// How often the ledger was asked; bounds the loop.
    pub(super) turns: u8,
}

impl Sale {
    /// Where nobody can sign in for it there is nothing to write down.
    pub(super) fn note(self, gate: &Gate, expected: u64, now: u64) -> Step {
        let due_at = self.entry.grant().map_or(0, |grant| grant.ticket.expires_at);
        if gate.extensions.sign_in().is_none() || self.entry.authorization().is_ceiling() || now >= due_at {
            return self.purchase.answer(gate, &self.entry, self.again, now);
        }
        let link = Link { key: self.key(gate), to: self.entry.key(), due_at };
        Step::Need(Effect::Ledger(LedgerOp::Link { link, expected }), Flow { stage: Stage::Noting(self) })
    }

    /// The payment is granted, whatever becomes of the note.
    pub(super) fn noted(mut self, gate: &Gate, outcome: &LedgerOutcome, now: u64) -> Step {
        self.turns = self.turns.saturating_add(1);
        match outcome {
            LedgerOutcome::Moved if !self.again && self.turns < MAX_TURNS => {
                let effect = Effect::Ledger(LedgerOp::Read(self.key(gate)));
                Step::Need(effect, Flow { stage: Stage::Noting(self) })
            }
            LedgerOutcome::Linked(old) if old.link.to != self.entry.key() => self.note(gate, old.version, now),
            _ => self.purchase.answer(gate, &self.entry, self.again, now),
        }
    }

    fn key(&self, gate: &Gate) -> ReplayKey {
        Name::Buyer(self.entry.scope(), self.entry.authorization().payer()).key(gate.issuer())
    }
}

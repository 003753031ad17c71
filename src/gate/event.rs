//! What happened, for the operator's hooks: facts, and nothing that opens or spends anything (S28).
//!
//! Each gated request tells one of `onAdmitted` (a good ticket), `onChallenge` (neither ticket nor payment) and, with a
//! payment, `onRefused` or `onVerified`; a verified payment then one of `onTicket`, `onReleased` and `onRefused`.
//! What becomes of its check is told with the write that makes it true, so each final state once.

use super::routes::Route;
use super::step::Step;
use super::{ConfigError, Gate, reader::Reader};
use crate::address::Address;
use crate::amount::Amount;
use crate::json::{Object, Value};
use crate::ledger::{Entry, State};
use crate::ticket::{Paid, Ticket};
use crate::verify::VerifiedPayment;
use alloc::boxed::Box;
use alloc::string::ToString as _;
use core::fmt::Display;

/// What a hook is told.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// An object of those that are known and to be trusted: `route`, `scope`, `code` (why), `payer`, `network`, `asset`,
    /// `amount`, `jti`, and `again` where the same ticket was handed out before. Of a check, what [`Entry::to_public`]
    /// tells, and its `jti`.
    pub facts: Value,
}

/// What can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventKind {
    /// A ticket opened the gate.
    Admitted,
    /// A request without a good ticket or a payment was told what it costs.
    Challenge,
    /// A payment passed every check.
    Verified,
    /// A payment was not accepted.
    Refused,
    /// A ticket was handed out for a payment.
    Ticket,
    /// The handler failed, so the payment stays unused.
    Released,
    /// The transfer is on the chain.
    Settled,
    /// The check can never be cashed.
    SettleFailed,
    /// The check was sent, and its outcome is out of sight.
    Unknown,
}

impl EventKind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Admitted,
        Self::Challenge,
        Self::Verified,
        Self::Refused,
        Self::Ticket,
        Self::Released,
        Self::Settled,
        Self::SettleFailed,
        Self::Unknown,
    ];

    /// The name of its hook. Part of the public API.
    #[must_use]
    pub const fn hook(self) -> &'static str {
        match self {
            Self::Admitted => "onAdmitted",
            Self::Challenge => "onChallenge",
            Self::Verified => "onVerified",
            Self::Refused => "onRefused",
            Self::Ticket => "onTicket",
            Self::Released => "onReleased",
            Self::Settled => "onSettled",
            Self::SettleFailed => "onSettleFailed",
            Self::Unknown => "onUnknown",
        }
    }
}

/// What the gate knows when something happens.
#[derive(Clone, Copy, Default)]
pub(super) struct About<'a> {
    pub(super) route: Option<&'a str>,
    pub(super) scope: Option<&'a str>,
    pub(super) code: Option<&'a str>,
    pub(super) ticket: Option<&'a Ticket>,
    pub(super) payment: Option<&'a VerifiedPayment>,
    /// What it cost, where that is less than what was signed.
    pub(super) charged: Option<Amount>,
    pub(super) again: bool,
}

impl<'a> About<'a> {
    pub(super) fn route(route: &'a Route) -> Self {
        Self { route: Some(&route.id), scope: Some(&route.scope), ..Self::default() }
    }
}

impl Event {
    /// What a record's move means, told once it is written. A record loses its outcome out of sight once, however often
    /// somebody looks for it.
    #[must_use]
    pub fn of_move(before: State, entry: &Entry) -> Option<Self> {
        let kind = match entry.state() {
            state if state == before => return None,
            State::Settled => EventKind::Settled,
            State::Failed => EventKind::SettleFailed,
            State::Unknown => EventKind::Unknown,
            _ => return None,
        };
        let Value::Object(mut facts) = entry.to_public() else { return None };
        facts.push(("jti".into(), entry.key().to_string().into()));
        Some(Self { kind, facts: Value::Object(facts) })
    }
}

/// Which events somebody listens to: for the others none is made. One bit for each kind.
pub(super) struct Hooks(u16);

impl EventKind {
    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

impl Hooks {
    /// Reads the names of the hooks that are given. The shell adds what it is to one that is no function.
    pub(super) fn from_config(config: &mut Reader<'_>) -> Result<Self, ConfigError> {
        let mut heard = 0;
        for given in config.elements("hooks")?.unwrap_or_default() {
            let given = given.as_str().unwrap_or_default();
            let Some(kind) = EventKind::ALL.into_iter().find(|kind| kind.hook() == given) else {
                return Err(config.wrong("hooks", ["has \"", given, "\", which is none, or no function"].concat()));
            };
            heard |= kind.bit();
        }
        Ok(Self(heard))
    }
}

impl Gate {
    /// The event, if anybody listens.
    pub(super) fn event(&self, kind: EventKind, about: About<'_>) -> Option<Event> {
        if self.hooks.0 & kind.bit() == 0 {
            return None;
        }
        let About { route, scope, code, ticket, payment, charged, again } = about;
        let mut facts = Object::new().text_if("route", route).text_if("scope", scope).text_if("code", code);
        if let Some(payment) = payment {
            let paid = paid(payment);
            let paid = Paid { amount: charged.unwrap_or(paid.amount), ..paid };
            facts = with_payment(facts, &payment.payer(), &payment.replay_key(), &paid);
        } else if let Some(Ticket { payer: Some(payer), id: Some(id), paid: Some(paid), .. }) = ticket {
            facts = with_payment(facts, payer, id, paid);
        }
        if again {
            facts = facts.value("again", true.into());
        }
        Some(Event { kind, facts: facts.end() })
    }
}

impl Step {
    /// The same step, with something to tell first.
    pub(super) fn telling(self, event: Option<Event>) -> Self {
        match event {
            Some(event) => Self::Tell(event, Box::new(self)),
            None => self,
        }
    }
}

/// What a payment pays.
pub(super) fn paid(payment: &VerifiedPayment) -> Paid {
    let asset = payment.asset();
    Paid { network: asset.network, asset: asset.address, amount: payment.authorization().amount() }
}

fn with_payment(facts: Object, payer: &Address, jti: &dyn Display, paid: &Paid) -> Object {
    let facts = facts.shown("payer", payer).shown("network", &paid.network).shown("asset", &paid.asset);
    facts.shown("amount", &paid.amount).shown("jti", jti)
}

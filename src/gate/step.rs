//! What the machine asks of the shell, and what the shell answers.

use super::{Event, Flow, Header, Response};
use crate::http::{HttpAnswer, HttpFault, HttpRequest};
use crate::ledger::{LedgerOp, LedgerOutcome};
use crate::ticket::Ticket;
use alloc::boxed::Box;
use alloc::string::String;

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
        /// The header that carries it, of the payment's own dialect.
        receipt: Option<Header>,
    },
    /// Send this file of the paywall's page; the end.
    File(String),
    /// Answer the operator; the end.
    Inquire(Inquiry),
    /// Do this, then resume the flow with its outcome.
    Need(Effect, Flow),
    /// Tell the operator's hook, wait for nothing, and go on with the step that follows.
    Tell(Event, Box<Self>),
}

/// What the operator asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "a shell answers every one")]
pub enum Inquiry {
    /// What does the ledger hold?
    Report,
    /// Does the chain agree with it?
    Reconcile,
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
    /// Send this; answered with [`Outcome::Http`].
    Http(HttpRequest),
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
        /// What it charges of an `upto` payment: the JSON of `Settlement-Overrides`.
        charge: Option<String>,
    },
    /// The time is over.
    Woke,
    /// The answer, or why there is none.
    Http(Result<HttpAnswer, HttpFault>),
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
    /// Whether the handler may say what it charges.
    pub charges: bool,
    /// The receipt of a payment that was accepted before and comes again.
    pub receipt: Option<Header>,
}

//! The gate: a ticket check on every request, a ticket office at `POST /token`, and payments on the resource itself.
//!
//! A request is a machine: [`Gate::begin`] returns a [`Step`], the shell carries it out and calls [`Flow::resume`] with
//! its [`Outcome`], until the step is the last one. A request with a good ticket is one call without any effect.

mod answer;
mod cashless;
mod charge;
mod check;
mod config;
mod cookie;
mod elsewhere;
mod error;
mod event;
mod examine;
mod extension;
mod facilitated;
mod flow;
mod form;
mod full;
mod http;
mod identified;
mod notary;
mod office;
mod operator;
mod order;
mod path;
mod pattern;
mod paywall;
mod policy;
mod price;
mod purchase;
mod reader;
mod revocation;
mod routes;
mod settlement;
mod sign_in;
mod step;

#[cfg(test)]
mod tests;

pub(crate) use config::read_assets;
pub use error::GateError;
pub use event::{Event, EventKind};
pub use flow::Flow;
pub(crate) use http::split_url;
pub use http::{Header, RequestHead, Response};
pub use path::is_canonical;
pub use reader::ConfigError;
pub(crate) use reader::Reader;
pub use step::{Admission, BodyFault, Effect, Inquiry, Outcome, Step};

use crate::ticket::Keyset;
use alloc::string::String;
use alloc::vec::Vec;
use examine::Chain;
use extension::Extensions;
use facilitated::Facilitated;
use operator::Operator;
use paywall::Paywall;
use policy::Credit;
use routes::Routes;

/// A configured gate. Holds the ticket keys, so it cannot be cloned or printed.
pub struct Gate {
    keyset: Keyset,
    routes: Routes,
    /// The office's path; `None` for a gate without one.
    office: Option<String>,
    /// How much longer than asked for an authorization may live, in seconds (S16).
    skew: u64,
    /// Whether somebody cashes the checks.
    settles: bool,
    /// The chains that are asked about payments.
    chains: Vec<Chain>,
    /// How much may be served before it is settled; `None`: any amount.
    credit: Option<Credit>,
    /// For how long a record is kept after it could matter, in seconds.
    keep: u64,
    operator: Option<Operator>,
    facilitated: Facilitated,
    /// Whether pages of other origins may use the gate.
    cors: bool,
    hooks: event::Hooks,
    extensions: Extensions,
    /// Whether tickets come as cookies too.
    cookies: bool,
    /// What a person's browser is shown in place of the challenge.
    paywall: Option<Paywall>,
}

//! The gate: a ticket check on every request, a ticket office at `POST /token`, and payments on the resource itself.
//!
//! A request is a machine: [`Gate::begin`] returns a [`Step`], the shell carries it out and calls [`Flow::resume`] with
//! its [`Outcome`], until the step is the last one. A request with a good ticket is one call without any effect.

mod answer;
mod check;
mod config;
mod error;
mod flow;
mod http;
mod office;
mod path;
mod price;
mod purchase;
mod reader;
mod routes;
mod step;

#[cfg(test)]
mod tests;

pub use error::GateError;
pub use flow::Flow;
pub use http::{RequestHead, Response};
pub use path::is_canonical;
pub use reader::ConfigError;
pub(crate) use config::read_assets;
pub(crate) use http::split_url;
pub(crate) use reader::Reader;
pub use step::{Admission, BodyFault, Effect, Outcome, Step};

use crate::ticket::Keyset;
use alloc::string::String;
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
    /// Whether pages of other origins may use the gate.
    cors: bool,
}

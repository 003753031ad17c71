//! The door of the verifying build: gates and settlers for JavaScript, by handle. It converts; it decides nothing.
//!
//! Everywhere `now` is in whole seconds since the epoch. A step is an object whose `do` says what the shell does next.
#![allow(clippy::missing_errors_doc, reason = "every error is {code, message}, which the shell throws as X402Error")]
#![allow(clippy::needless_pass_by_value, reason = "wasm-bindgen hands strings over by value")]

mod event;
#[cfg(feature = "facilitator")]
pub mod facilitator;
pub mod gate;
mod port;
pub mod reconcile;
pub mod settler;

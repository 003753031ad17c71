//! The doors for workers: gates, and what moves their money, for JavaScript, by handle. They convert; they decide nothing.
//!
//! Two builds, so that a gate is not heavier than what it answers requests with: `edge` verifies, and `cashier`, which
//! the shell loads when something is to be cashed or reconciled, and for a facilitator of our own, settles.
//!
//! Everywhere `now` is in whole seconds since the epoch. A step is an object whose `do` says what the shell does next.
#![allow(clippy::missing_errors_doc, reason = "every error is {code, message}, which the shell throws as X402Error")]
#![allow(clippy::needless_pass_by_value, reason = "wasm-bindgen hands strings over by value")]

#[cfg(feature = "cashier")]
pub mod account;
mod event;
#[cfg(feature = "cashier")]
pub mod facilitator;
#[cfg(feature = "edge")]
pub mod gate;
mod port;
#[cfg(feature = "cashier")]
pub mod reconcile;
pub mod record;
#[cfg(feature = "cashier")]
pub mod report;
mod request;
#[cfg(feature = "cashier")]
pub mod settler;
#[cfg(feature = "edge")]
mod written;

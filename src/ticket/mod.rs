//! Access tickets: issued by the office, checked at the gate, bound to what was paid (S30 to S36).
//!
//! A ticket is a JWT with HS256, so that any JWT library can check it ([`Keyset::issue`]). A client of x402-mock gets
//! that dialect's own format, bound by a key that is derived for its scope ([`Keyset::issue_mock`]).

mod claims;
mod error;
mod jwt;
mod keyset;
mod mock;

pub use claims::{Paid, Ticket};
pub use error::{KeysetError, TicketError};
pub use keyset::Keyset;

/// The longest ticket that is looked at, in bytes (S24).
pub const MAX_TICKET_BYTES: usize = 2048;

/// How far the clocks of office and gate may differ, in seconds.
const CLOCK_SKEW: u64 = 60;

#[cfg(test)]
mod tests;

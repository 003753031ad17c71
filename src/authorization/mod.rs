//! The digital checks: what a payer signs instead of making a transfer.
//!
//! Permit2 gets its own file beside [`eip3009`] and a second variant wherever a method is matched.

pub mod eip3009;

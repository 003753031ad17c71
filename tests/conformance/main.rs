//! The core against vectors that others made, and against corpora made to break it.
//!
//! Most vectors are large and shared between projects, so they lie beside the repository: see [`vectors::folder`].
//! An oracle is asked about good input only (S1). Where we refuse what one accepts, the test lists it with its rule.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that cannot go on fails, and loudly"
)]
#![cfg(not(target_arch = "wasm32"))]

extern crate alloc;

mod addresses;
mod captures;
mod ecdsa;
mod ecrecover;
mod fields;
mod generated;
mod headers;
mod hmac;
mod hostile_payments;
mod hostile_tickets;
mod jws;
mod keccak;
mod mock_tickets;
mod permit2;
mod signing;
mod typed_data;
mod vectors;

//! A facilitator of our own: `POST /verify`, `POST /settle` and `GET /supported` for other people's servers.
//!
//! It verifies as a gate does, against the requirements that it is handed and its operator's list of assets, writes
//! the payment into a ledger under its replay key, and leaves the sending to a relayer. So the same payment is sent
//! once, however often it is settled, and its success is told once: what was told is used up.
//!
//! | file | its idea |
//! |---|---|
//! | `config` | what the operator says |
//! | `service` | a request comes in: which door, who knocks, what the payment is worth |
//! | `settling` | a payment's way through the ledger, and what is answered |

mod config;
mod service;
mod settling;

#[cfg(test)]
mod tests;

pub use service::Step;
pub use settling::Flow;

use crate::address::Address;
use crate::asset::AssetTable;
use crate::network::Network;
use alloc::string::String;
use alloc::vec::Vec;

/// A configured facilitator.
pub struct Facilitator {
    /// What its records are told apart by from those of gates in the same ledger.
    name: String,
    /// What stands before `/verify` in its paths.
    path: String,
    /// The chains on which it settles.
    networks: Vec<Network>,
    assets: AssetTable,
    /// Whom it settles for; everybody where nobody is named.
    payees: Vec<Address>,
    /// Hashes of the secrets that let a server in; whoever knocks is let in where there are none.
    secrets: Vec<[u8; 32]>,
    /// How much longer than asked for an authorization may live, in seconds (S16).
    skew: u64,
    /// The node that is asked about a payment before it is taken on; without one the payer's key decides alone.
    rpc: Option<String>,
    /// The account that sends the transactions.
    signer: Address,
}

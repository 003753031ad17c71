//! Cashing a check: from a granted record to a settled one.
//!
//! A [`Relayer`] looks at one stored record, asks the chain what is true, writes down what it is about to do, and
//! does it. It performs nothing itself: it emits a [`SettleStep`] and is resumed with the [`SettleOutcome`]. Every
//! look starts from the record and the chain alone, so it may be cut off at any step and repeated (S53).
//!
//! | file | its idea |
//! |---|---|
//! | `relayer` | the machine: steps out, outcomes in, the ledger before every effect |
//! | `question`, `decide` | what is asked of the chain, and what is to be done given its answers |
//! | `line`, `fees` | a transaction that waits: fees raised, gaps filled |
//! | `round`, `batch` | all that is due: who is looked at alone, who together, and who waits for others |
//! | `sharing`, `joint` | many checks in one transaction |
//! | `funds` | whether the relayer can pay for gas at all |
//! | `nodes` | several nodes, any of which may fail |
//! | `trace` | where the proof is found |
//! | `aside` | what becomes of a record that no settler here looks after |
//! | `reconcile` | the ledger against the chain, payment by payment |
//! | `method` | what is said to which contract |
//! | `transaction`, `rlp` | what is signed and sent |
//! | `facilitator`, `handover` | somebody else who sends it: how it is asked, and what its answers are worth |
//!
//! How a node and a contract are asked, and what an event proves, is in [`crate::chain`].

mod aside;
mod batch;
mod config;
mod decide;
mod facilitator;
mod fees;
mod finding;
mod funds;
mod handover;
mod joint;
mod line;
mod method;
mod nodes;
mod question;
mod reconcile;
mod relayer;
mod rlp;
mod round;
mod sharing;
mod trace;
mod transaction;

use crate::chain::{event, node as chain, permit2, rpc};

pub use aside::set_aside;
pub use batch::Batch;
pub use config::{RelayerConfig, RelayerConfigError};
pub use facilitator::{FacilitatorClient, FacilitatorConfigError};
pub use finding::Finding;
pub use funds::{FundsCheck, FundsStep};
pub use reconcile::{Payee, ReconcileOutcome, ReconcileStep, Reconciliation};
pub use relayer::{Cashing, Relayer, SettleOutcome, SettleStep};
pub use round::{Round, RoundStep};

#[cfg(test)]
mod tests;

//! What is asked of a chain's node, and a strict reading of what it answers (S51). A node is a witness: nothing here
//! takes a decision.
//!
//! | file | its idea |
//! |---|---|
//! | `rpc` | JSON-RPC: many calls in one request |
//! | `node` | the node's methods and their results |
//! | `method`, `abi`, `permit2`, `multicall` | what is said to which contract, and how it answers |
//! | `event` | what an asset's events prove |

pub(crate) mod abi;
pub(crate) mod event;
pub(crate) mod method;
pub(crate) mod multicall;
pub(crate) mod node;
pub(crate) mod permit2;
pub(crate) mod rpc;

//! What is said to which contract about a record.

use super::chain::read_bytes;
use crate::chain::abi::Call;
use crate::chain::method;
use crate::json::Value;
use crate::ledger::Entry;

/// The call that cashes its check.
pub(super) fn cash(entry: &Entry) -> Call {
    method::cash(entry.asset(), entry.authorization(), entry.amount(), entry.seal())
}

/// The question whether its nonce is used up.
pub(super) fn nonce_state(entry: &Entry) -> Call {
    method::nonce_state(entry.asset(), entry.authorization())
}

/// Reads the answer to [`nonce_state`].
pub(super) fn read_nonce_state(entry: &Entry, result: &Value) -> Option<bool> {
    method::read_nonce_state(entry.authorization(), &read_bytes(result)?)
}

/// The same of what a contract returned.
pub(super) fn nonce_state_in(entry: &Entry, returned: &[u8]) -> Option<bool> {
    method::read_nonce_state(entry.authorization(), returned)
}

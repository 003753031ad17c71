//! What is said to which contract about a check: the one place where the methods part.

use super::chain::read_word;
use super::{abi, permit2};
use crate::address::Address;
use crate::authorization::Authorization;
use crate::authorization::permit2::PERMIT2;
use crate::json::Value;
use crate::ledger::Entry;
use alloc::vec::Vec;

/// The call that cashes a check.
pub(super) fn cash(entry: &Entry) -> (Address, Vec<u8>) {
    match entry.authorization() {
        Authorization::Eip3009(transfer) => {
            (entry.asset(), abi::transfer_with_authorization(transfer, entry.signature()))
        }
        Authorization::Permit2(permit) => permit2::cash(permit, entry.asset(), entry.amount(), entry.signature()),
    }
}

/// The question whether its nonce is used up.
pub(super) fn nonce_state(entry: &Entry) -> (Address, Vec<u8>) {
    match entry.authorization() {
        Authorization::Eip3009(transfer) => (entry.asset(), abi::authorization_state(transfer)),
        Authorization::Permit2(permit) => (PERMIT2, permit2::nonce_bitmap(permit)),
    }
}

/// Reads the answer to [`nonce_state`].
pub(super) fn read_nonce_state(entry: &Entry, result: &Value) -> Option<bool> {
    let word = read_word(result)?;
    match entry.authorization() {
        Authorization::Eip3009(_) => abi::bool_from_word(&word),
        Authorization::Permit2(permit) => Some(permit2::is_set(&word, permit)),
    }
}

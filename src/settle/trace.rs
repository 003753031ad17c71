//! Which transaction used a nonce, told by what it left behind.
//!
//! An asset with EIP-3009 writes an event with the nonce. Permit2 writes none: there the transfers between the two are
//! looked up, and each must have come from a call with this very nonce, because many checks of one payer look alike. A
//! withdrawal is an event, but one that may follow a use; so it counts only where no use is found.

use super::chain;
use super::event::{AUTHORIZATION_CANCELED, AUTHORIZATION_USED, Log, TRANSFER, Use, judge};
use super::permit2::{self, NONCES_WITHDRAWN};
use super::rpc;
use crate::address::Address;
use crate::authorization::Authorization;
use crate::authorization::permit2::PERMIT2;
use crate::ledger::Entry;
use crate::seal::Seal;
use alloc::vec;
use alloc::vec::Vec;

/// What an event says about a nonce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trace {
    /// Its transaction used it.
    Use,
    /// The payer withdrew it while it was unused.
    Cancellation,
    /// The payer withdrew it, used or not.
    Withdrawal,
    /// Its transaction may have used it.
    Suspect,
    Nothing,
}

/// What a suspect's call says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Identity {
    /// It is the call that cashes this check.
    Ours,
    /// It cannot have used the nonce.
    Other,
    /// It called something that we cannot look into.
    Unclear,
}

/// The questions for the events of a span of blocks.
pub(super) fn calls(entry: &Entry, (from, to): (u64, u64)) -> Vec<rpc::Call> {
    let authorization = entry.authorization();
    let payer = authorization.payer().to_word();
    match authorization {
        Authorization::Eip3009(transfer) => {
            let kinds = [AUTHORIZATION_USED, AUTHORIZATION_CANCELED];
            vec![chain::logs(entry.asset(), &kinds, &[payer, transfer.nonce], from, to)]
        }
        Authorization::Permit2(_) => vec![
            chain::logs(entry.asset(), &[TRANSFER], &[payer, authorization.payee().to_word()], from, to),
            chain::logs(PERMIT2, &[NONCES_WITHDRAWN], &[payer], from, to),
        ],
    }
}

/// What one of these events says.
pub(super) fn of(entry: &Entry, log: &Log) -> Trace {
    let (asset, authorization) = (entry.asset(), entry.authorization());
    match authorization {
        Authorization::Eip3009(_) if log.is_use(asset, authorization) => Trace::Use,
        Authorization::Eip3009(_) if log.is_cancellation(asset, authorization) => Trace::Cancellation,
        Authorization::Permit2(permit) if permit2::is_withdrawal(log, permit) => Trace::Withdrawal,
        Authorization::Permit2(_) if is_payment(entry, log) => Trace::Suspect,
        _ => Trace::Nothing,
    }
}

/// Whether a transaction that called `to` with `input`, and moved the exact amount from payer to payee, cashed this check:
/// the nonce in its call says which one it was. Only calls of contracts that cannot hide another call are told apart.
pub(super) fn identity(entry: &Entry, to: Option<Address>, input: &[u8]) -> Identity {
    let (Authorization::Permit2(permit), Some(to)) = (entry.authorization(), to) else { return Identity::Unclear };
    // The one contract here that carries calls of anybody.
    if matches!(entry.seal(), Seal::Undeployed(_)) {
        return Identity::Unclear;
    }
    let (contract, selector) = permit2::cashier(permit);
    if to == contract && input.starts_with(&selector) {
        if permit2::has_nonce(input, &permit.nonce) { Identity::Ours } else { Identity::Other }
    } else if to == entry.asset() {
        Identity::Other
    } else {
        Identity::Unclear
    }
}

/// Whether the events tell of every use that paid us: then a used nonce without one paid somebody else.
pub(super) const fn is_complete(entry: &Entry) -> bool {
    matches!(entry.authorization(), Authorization::Permit2(_))
}

/// The asset moved exactly what is to be cashed (S48).
pub(super) fn is_payment(entry: &Entry, log: &Log) -> bool {
    let authorization = entry.authorization();
    log.moves(entry.asset(), authorization.payer(), authorization.payee(), entry.amount())
}

/// What the transaction that used the nonce did.
pub(super) fn judged(entry: &Entry, logs: &[Log]) -> Use {
    match entry.authorization() {
        Authorization::Eip3009(_) => judge(logs, entry.asset(), entry.authorization()),
        // It is known by its call, which does this one transfer.
        Authorization::Permit2(_) if logs.iter().any(|log| is_payment(entry, log)) => Use::Payment,
        Authorization::Permit2(_) => Use::Unclear,
    }
}

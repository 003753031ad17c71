//! What is said to which contract about a check: the one place where the methods part.

use super::abi::{self, Call};
use super::multicall::together;
use super::permit2;
use crate::address::Address;
use crate::amount::Amount;
use crate::authorization::Authorization;
use crate::authorization::permit2::{PERMIT2, Spender};
use crate::seal::Seal;

/// The call that cashes a check, as much of it as `amount` where it is a ceiling. An account that does not exist yet is deployed right before, in the same transaction;
/// where somebody else deployed it meanwhile, its factory may fail.
pub(crate) fn cash(asset: Address, authorization: &Authorization, amount: Amount, seal: &Seal) -> Call {
    match seal {
        Seal::Key(_) | Seal::Contract(_) => transfer(asset, authorization, amount, seal),
        Seal::Undeployed(deployment) => {
            let own = Seal::Contract(deployment.signature.clone());
            together(&[(abi::deploy(deployment), true), (transfer(asset, authorization, amount, &own), false)])
        }
    }
}

/// The call that moves the money of an account that exists.
pub(crate) fn transfer(asset: Address, authorization: &Authorization, amount: Amount, seal: &Seal) -> Call {
    match authorization {
        Authorization::Eip3009(transfer) => Call { to: asset, data: abi::transfer_with_authorization(transfer, seal) },
        Authorization::Permit2(permit) => permit2::cash(permit, asset, amount, seal),
    }
}

/// The only account whose call moves the money; `None` where anybody's does.
pub(crate) const fn cashier(authorization: &Authorization) -> Option<Address> {
    match authorization {
        Authorization::Eip3009(_) => None,
        Authorization::Permit2(permit) => match permit.spender {
            Spender::ExactProxy { .. } => None,
            Spender::UptoProxy { facilitator, .. } => Some(facilitator),
            Spender::Payee(payee) => Some(payee),
        },
    }
}

/// The question how much the method may take from the payer; `None` where the payer's word is enough.
pub(crate) fn allowance(asset: Address, authorization: &Authorization) -> Option<Call> {
    match authorization {
        Authorization::Eip3009(_) => None,
        Authorization::Permit2(permit) => Some(abi::allowance(asset, permit.owner, PERMIT2)),
    }
}

/// The question whether its nonce is used up.
pub(crate) fn nonce_state(asset: Address, authorization: &Authorization) -> Call {
    match authorization {
        Authorization::Eip3009(transfer) => Call { to: asset, data: abi::authorization_state(transfer) },
        Authorization::Permit2(permit) => Call { to: PERMIT2, data: permit2::nonce_bitmap(permit) },
    }
}

/// Reads what was returned to [`nonce_state`].
pub(crate) fn read_nonce_state(authorization: &Authorization, returned: &[u8]) -> Option<bool> {
    let word = returned.try_into().ok()?;
    match authorization {
        Authorization::Eip3009(_) => abi::bool_from_word(word),
        Authorization::Permit2(permit) => Some(permit2::is_set(word, permit)),
    }
}

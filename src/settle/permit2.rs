//! What Permit2 and x402's proxies are called with. A permit's nonce is a bit in a map of words.

use super::abi::{call, word};
use super::event::Log;
use crate::address::Address;
use crate::amount::Amount;
use crate::authorization::permit2::{PERMIT2, Permit, Spender};
use crate::signature::Signature;
use alloc::vec::Vec;
use hex_literal::hex;

/// settle(((address,uint256),uint256,uint256),address,(address,uint256),bytes)
const EXACT_SETTLE: [u8; 4] = hex!("13cd3b53");
/// settle(((address,uint256),uint256,uint256),uint256,address,(address,address,uint256),bytes)
const UPTO_SETTLE: [u8; 4] = hex!("ff11e7b4");
/// permitTransferFrom(((address,uint256),uint256,uint256),(address,uint256),address,bytes)
const PERMIT_TRANSFER_FROM: [u8; 4] = hex!("30f28b7a");
/// nonceBitmap(address,uint256)
const NONCE_BITMAP: [u8; 4] = hex!("4fe02b44");

/// UnorderedNonceInvalidation(address,uint256,uint256)
pub(super) const NONCES_WITHDRAWN: [u8; 32] = hex!("3704902f963766a4e561bbaab6e6cdc1b1dd12f6e9e99648da8843b3f46b918d");

/// The contract to call, and the call that moves `amount`, which only `upto` leaves open.
pub(super) fn cash(permit: &Permit, token: Address, amount: Amount, signature: &Signature) -> (Address, Vec<u8>) {
    let signed = [token.to_word(), permit.amount.to_be_bytes(), permit.nonce, word(permit.deadline)];
    let owner = permit.owner.to_word();
    let (contract, selector, terms): (_, _, &[[u8; 32]]) = match permit.spender {
        Spender::ExactProxy { to, valid_after } => {
            (permit.spender.address(), EXACT_SETTLE, &[owner, to.to_word(), word(valid_after)])
        }
        Spender::UptoProxy { to, facilitator, valid_after } => (
            permit.spender.address(),
            UPTO_SETTLE,
            &[amount.to_be_bytes(), owner, to.to_word(), facilitator.to_word(), word(valid_after)],
        ),
        Spender::Payee(to) => (PERMIT2, PERMIT_TRANSFER_FROM, &[to.to_word(), permit.amount.to_be_bytes(), owner]),
    };
    let mut data = call(selector, &signed);
    data.extend(terms.as_flattened());
    // The one dynamic argument: where it starts, how long it is, and itself, filled up to whole words.
    let words = signed.len().saturating_add(terms.len()).saturating_add(1);
    data.extend(word(u64::try_from(words.saturating_mul(32)).unwrap_or_default()));
    data.extend(word(65));
    data.extend(signature.r());
    data.extend(signature.s());
    data.push(signature.v());
    data.extend([0; 31]);
    (contract, data)
}

/// The question for the word of the map that holds the nonce.
pub(super) fn nonce_bitmap(permit: &Permit) -> Vec<u8> {
    call(NONCE_BITMAP, &[permit.owner.to_word(), word_position(permit)])
}

/// Whether the nonce's bit is set in its word.
pub(super) fn is_set(map: &[u8; 32], permit: &Permit) -> bool {
    let [.., bit] = permit.nonce;
    // A word is big-endian: its first byte holds the highest bits.
    map.iter().rev().nth(usize::from(bit >> 3)).is_some_and(|byte| byte >> (bit & 7) & 1 == 1)
}

/// Whether the event withdraws this nonce, with others or alone.
pub(super) fn is_withdrawal(log: &Log, permit: &Permit) -> bool {
    let Some((word, mask)) = log.data.split_first_chunk::<32>() else { return false };
    log.contract == PERMIT2
        && log.topics == [NONCES_WITHDRAWN, permit.owner.to_word()]
        && *word == word_position(permit)
        && mask.try_into().is_ok_and(|mask: &[u8; 32]| is_set(mask, permit))
}

/// Whether this nonce stands where each of the calls above has it.
pub(super) fn has_nonce(call: &[u8], nonce: &[u8; 32]) -> bool {
    let place = 4 + 2 * 32;
    call.get(place..place + 32).is_some_and(|found| found == nonce)
}

/// All but the last eight bits of the nonce.
fn word_position(permit: &Permit) -> [u8; 32] {
    let mut position = [0; 32];
    let (_, low) = position.split_at_mut(1);
    let (high, _) = permit.nonce.split_at(31);
    low.copy_from_slice(high);
    position
}

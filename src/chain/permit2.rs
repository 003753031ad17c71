//! What Permit2 and x402's proxies are called with. A permit's nonce is a bit in a map of words.

use super::abi::{Call, call};
use super::event::Log;
use crate::address::Address;
use crate::amount::Amount;
use crate::authorization::permit2::{EXACT_PROXY, PERMIT2, Permit, Spender, UPTO_PROXY};
use crate::seal::Seal;
use crate::word::{push_bytes, size_word, word};
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
pub(crate) const NONCES_WITHDRAWN: [u8; 32] = hex!("3704902f963766a4e561bbaab6e6cdc1b1dd12f6e9e99648da8843b3f46b918d");

/// The contract that cashes a permit, and the function of it that does.
pub(crate) const fn cashier(permit: &Permit) -> (Address, [u8; 4]) {
    match permit.spender {
        Spender::ExactProxy { .. } => (EXACT_PROXY, EXACT_SETTLE),
        Spender::UptoProxy { .. } => (UPTO_PROXY, UPTO_SETTLE),
        Spender::Payee(_) => (PERMIT2, PERMIT_TRANSFER_FROM),
    }
}

/// The contract to call, and the call that moves `amount`, which only `upto` leaves open.
pub(crate) fn cash(permit: &Permit, token: Address, amount: Amount, seal: &Seal) -> Call {
    let (to, selector) = cashier(permit);
    let (owner, permitted) = (permit.owner.to_word(), permit.amount.to_be_bytes());
    let mut data = call(selector, &[token.to_word(), permitted, permit.nonce, word(permit.deadline)]);
    let mut add = |word: [u8; 32]| data.extend(word);
    match permit.spender {
        Spender::ExactProxy { to, valid_after } => [owner, to.to_word(), word(valid_after)].map(&mut add),
        Spender::UptoProxy { to, facilitator, valid_after } => {
            add(amount.to_be_bytes());
            add(owner);
            [to.to_word(), facilitator.to_word(), word(valid_after)].map(&mut add)
        }
        Spender::Payee(to) => [to.to_word(), permitted, owner].map(&mut add),
    };
    // The one dynamic argument: where it starts behind the selector, how long it is, and itself in whole words.
    let start = data.len().saturating_sub(4).saturating_add(32);
    data.extend(size_word(start));
    push_bytes(&mut data, &seal.to_bytes());
    Call { to, data }
}

/// The question for the word of the map that holds the nonce.
pub(crate) fn nonce_bitmap(permit: &Permit) -> Vec<u8> {
    call(NONCE_BITMAP, &[permit.owner.to_word(), word_position(permit)])
}

/// Whether the nonce's bit is set in its word.
pub(crate) fn is_set(map: &[u8; 32], permit: &Permit) -> bool {
    let [.., bit] = permit.nonce;
    // A word is big-endian: its first byte holds the highest bits.
    map.iter().rev().nth(usize::from(bit >> 3)).is_some_and(|byte| byte >> (bit & 7) & 1 == 1)
}

/// Whether the event withdraws this nonce, with others or alone.
pub(crate) fn is_withdrawal(log: &Log, permit: &Permit) -> bool {
    let Some((word, mask)) = log.data.split_first_chunk::<32>() else { return false };
    log.contract == PERMIT2
        && log.topics == [NONCES_WITHDRAWN, permit.owner.to_word()]
        && *word == word_position(permit)
        && mask.try_into().is_ok_and(|mask: &[u8; 32]| is_set(mask, permit))
}

/// Whose permit such a call cashes, and its nonce.
pub(crate) fn cashed(to: Address, input: &[u8]) -> Option<(Address, [u8; 32])> {
    let (selector, data) = input.split_first_chunk::<4>()?;
    let place = match (to, *selector) {
        (EXACT_PROXY, EXACT_SETTLE) => 4,
        (UPTO_PROXY, UPTO_SETTLE) => 5,
        (PERMIT2, PERMIT_TRANSFER_FROM) => 6,
        _ => return None,
    };
    let (words, _) = data.as_chunks::<32>();
    Some((Address::from_word(words.get(place)?)?, *words.get(2)?))
}

/// Whether this nonce stands where each of the calls above has it.
pub(crate) fn has_nonce(call: &[u8], nonce: &[u8; 32]) -> bool {
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

//! Permit2 and x402's proxies as the simulated chain has them.

use super::chain::Chain;
use crate::address::Address;
use crate::amount::Amount;
use crate::authorization::Authorization;
use crate::authorization::permit2::{EXACT_PROXY, PERMIT2, Permit, Spender, UPTO_PROXY};
use crate::settle::event::{Log, TRANSFER};
use crate::signature::Signature;
use alloc::vec;
use alloc::vec::Vec;

/// What the simulation remembers a used nonce by. The real contract writes no event.
pub(super) const USED: [u8; 32] = [0xdd; 32];

pub(super) fn nonce_bitmap(chain: &Chain, owner: [u8; 32], position: [u8; 32], end: usize) -> [u8; 32] {
    let mut map = [0; 32];
    for log in chain.logs_until(end).filter(|log| log.topics[..2] == [USED, owner]) {
        let nonce = log.topics[2];
        if nonce[..31] == position[1..] {
            map[31 - usize::from(nonce[31] / 8)] |= 1 << (nonce[31] % 8);
        }
    }
    map
}

/// The checks of the contracts, in their order.
pub(super) fn execute(
    chain: &Chain,
    caller: Address,
    to: Address,
    data: &[u8],
    timestamp: u64,
) -> Result<Vec<Log>, &'static str> {
    let word = |place: usize| -> [u8; 32] { data[4 + 32 * place..][..32].try_into().unwrap() };
    let number = |place| Amount::from_be_bytes(word(place)).to_u64().unwrap();
    let address = |place| Address::from_bytes(word(place)[12..].try_into().unwrap());
    let selector = u32::from_be_bytes(data[..4].try_into().unwrap());
    let (spender, owner, requested, tail) = match (to, selector) {
        (EXACT_PROXY, 0x13cd_3b53) => {
            (Spender::ExactProxy { to: address(5), valid_after: number(6) }, address(4), number(1), 7)
        }
        (UPTO_PROXY, 0xff11_e7b4) => {
            if caller != address(7) {
                return Err("execution reverted: UnauthorizedFacilitator");
            }
            let spender = Spender::UptoProxy { to: address(6), facilitator: address(7), valid_after: number(8) };
            (spender, address(5), number(4), 9)
        }
        (PERMIT2, 0x30f2_8b7a) => {
            assert_eq!(address(4), caller, "the payee itself takes it");
            (Spender::Payee(caller), address(6), number(5), 7)
        }
        _ => return Err("execution reverted"),
    };
    assert_eq!((number(tail), number(tail + 1)), (32 * (tail as u64 + 1), 65));
    assert_eq!(data.len(), 4 + 32 * (tail + 5));
    let permit = Permit::new(owner, Amount::from(number(1)), word(2), number(3), spender).unwrap();
    let authorization = Authorization::from(permit);
    if requested > number(1) || requested == 0 {
        return Err("execution reverted: InvalidAmount");
    }
    if timestamp < authorization.valid_after() {
        return Err("execution reverted: PaymentTooEarly");
    }
    if timestamp > number(3) {
        return Err("execution reverted: SignatureExpired");
    }
    let mut position = [0; 32];
    position[1..].copy_from_slice(&permit.nonce[..31]);
    let map = nonce_bitmap(chain, owner.to_word(), position, chain.blocks.len());
    if map[31 - usize::from(permit.nonce[31] / 8)] >> (permit.nonce[31] % 8) & 1 == 1 {
        return Err("execution reverted: InvalidNonce");
    }
    let signature = Signature::from_parts(word(tail + 2), word(tail + 3), data[4 + 32 * (tail + 4)].into());
    let signer = signature.unwrap().recover(&authorization.digest(&chain.asset));
    if signer != Ok(owner) {
        return Err("execution reverted: InvalidSigner");
    }
    chain.check_balance(owner, requested)?;
    let payee = authorization.payee();
    Ok(vec![
        chain.log(vec![USED, owner.to_word(), permit.nonce], vec![]),
        chain.log(vec![TRANSFER, owner.to_word(), payee.to_word()], Amount::from(requested).to_be_bytes().to_vec()),
    ])
}

//! What Multicall3 does: call after call, each on what those before it left behind.

use super::chain::{Block, Chain, STRANGER, index};
use crate::address::Address;
use crate::amount::Amount;
use crate::settle::event::Log;
use crate::word::{push_bytes, size_word};
use alloc::vec;
use alloc::vec::Vec;
use hex_literal::hex;

pub(super) const CONTRACT: Address = Address::from_bytes(hex!("cA11bde05977b3631167028862bE2a173976CA11"));

pub(super) struct Inner {
    to: Address,
    may_fail: bool,
    data: Vec<u8>,
}

fn number(data: &[u8], at: usize) -> usize {
    index(Amount::from_be_bytes(data[at..at + 32].try_into().unwrap()).to_u64().unwrap())
}

/// The calls of `aggregate3`.
pub(super) fn decode(data: &[u8]) -> Vec<Inner> {
    assert_eq!(data[..4], hex!("82ad56cb"));
    let list = &data[4 + number(data, 4)..];
    let calls = &list[32..];
    let one = |place: usize| {
        let own = &calls[number(calls, 32 * place)..];
        let start = number(own, 64);
        let length = number(own, start);
        Inner {
            to: Address::from_bytes(own[12..32].try_into().unwrap()),
            may_fail: number(own, 32) == 1,
            data: own[start + 32..][..length].to_vec(),
        }
    };
    (0..number(list, 0)).map(one).collect()
}

type Results = Vec<(bool, Vec<u8>)>;

/// Carries the calls out: what each returned, and all events of those that succeeded.
pub(super) fn execute(chain: &Chain, data: &[u8], timestamp: u64) -> Result<(Results, Vec<Log>), &'static str> {
    if !chain.has_multicall {
        return Ok((vec![], vec![]));
    }
    let (mut world, mut results, mut events) = (chain.clone(), vec![], vec![]);
    for (place, Inner { to, may_fail, data }) in decode(data).into_iter().enumerate() {
        match world.execute(CONTRACT, &data, to, timestamp) {
            Ok(logs) => {
                world.blocks.push(Block { timestamp, transactions: vec![] });
                let place = u8::try_from(place).unwrap();
                world.include(STRANGER, [place; 32], (to, data), true, logs.clone());
                events.extend(logs);
                results.push((true, vec![]));
            }
            Err(_) if may_fail => results.push((false, vec![])),
            Err(problem) => return Err(problem),
        }
    }
    Ok((results, events))
}

/// Answers a call that is only simulated: checks that would be cashed, or questions for nonces.
pub(super) fn call(chain: &Chain, data: &[u8], end: usize) -> Result<Vec<u8>, &'static str> {
    if !chain.has_multicall {
        return Ok(vec![]);
    }
    let calls = decode(data);
    let asks = calls.iter().all(|own| own.data.len() == 4 + 2 * 32);
    let results = if asks {
        calls.iter().map(|own| (true, chain.view(&own.data, end).to_vec())).collect()
    } else {
        execute(chain, data, chain.head().timestamp + 1)?.0
    };
    Ok(encode(&results))
}

fn encode(results: &[(bool, Vec<u8>)]) -> Vec<u8> {
    let mut data = [size_word(32), size_word(results.len())].concat();
    let mut place = 32 * results.len();
    for (_, returned) in results {
        data.extend(size_word(place));
        place += 3 * 32 + returned.len().div_ceil(32) * 32;
    }
    for (succeeded, returned) in results {
        data.extend([size_word(usize::from(*succeeded)), size_word(64)].concat());
        push_bytes(&mut data, returned);
    }
    data
}

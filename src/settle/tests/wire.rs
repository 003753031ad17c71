//! How a node reads a signed transaction.

use crate::address::Address;
use crate::eip712::Digest;
use crate::keccak::keccak256;
use crate::settle::rlp::List;
use crate::signature::Signature;
use alloc::vec;
use alloc::vec::Vec;

#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) sender: Address,
    pub(super) hash: [u8; 32],
    pub(super) nonce: u64,
    pub(super) max_priority_fee: u64,
    pub(super) max_fee: u64,
    pub(super) gas_limit: u64,
    pub(super) to: Address,
    pub(super) data: Vec<u8>,
}

/// Reads a signed transaction of type 2 as a node does.
pub(super) fn decode(raw: &[u8], chain_id: u64) -> Sent {
    assert_eq!(raw[0], 2);
    let fields = items(payload(&raw[1..]).0);
    assert_eq!(fields.len(), 12);
    let number = |place: usize| {
        let digits = fields[place];
        assert!(digits.first() != Some(&0), "an integer has no leading zeros");
        digits.iter().fold(0, |number: u64, digit| number << 8 | u64::from(*digit))
    };
    let word = |place: usize| {
        let mut word = [0; 32];
        word[32 - fields[place].len()..].copy_from_slice(fields[place]);
        word
    };
    assert_eq!((number(0), number(6), fields[8].len()), (chain_id, 0, 0));
    let unsigned =
        (0..9).fold(
            List::default(),
            |list, place| {
                if place == 8 { list.list(&List::default()) } else { list.bytes(fields[place]) }
            },
        );
    let digest = Digest::from_bytes(keccak256(&[&[2], &unsigned.encode()]));
    let signature = Signature::from_parts(word(10), word(11), number(9) + 27).unwrap();
    Sent {
        sender: signature.recover(&digest).unwrap(),
        hash: keccak256(&[raw]),
        nonce: number(1),
        max_priority_fee: number(2),
        max_fee: number(3),
        gas_limit: number(4),
        to: Address::from_bytes(fields[5].try_into().unwrap()),
        data: fields[7].to_vec(),
    }
}

fn items(mut list: &[u8]) -> Vec<&[u8]> {
    let mut items = vec![];
    while !list.is_empty() {
        let (item, rest) = payload(list);
        items.push(item);
        list = rest;
    }
    items
}

/// The content of the first item, and what follows it.
fn payload(bytes: &[u8]) -> (&[u8], &[u8]) {
    let long = |count: usize| {
        let length = bytes[1..=count].iter().fold(0, |length, digit| length << 8 | usize::from(*digit));
        bytes[1 + count..].split_at(length)
    };
    match bytes[0] {
        0..0x80 => bytes.split_at(1),
        short @ 0x80..0xb8 => bytes[1..].split_at(usize::from(short - 0x80)),
        count @ 0xb8..0xc0 => long(usize::from(count - 0xb7)),
        short @ 0xc0..0xf8 => bytes[1..].split_at(usize::from(short - 0xc0)),
        count => long(usize::from(count - 0xf7)),
    }
}

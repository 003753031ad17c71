//! How a node reads a signed transaction of type 2.

use crate::multicall;
use crate::scene::{CHAIN_ID, Scene};
use x402_wasm::eip712::Digest;
use x402_wasm::keccak::keccak256;
use x402_wasm::signature::Signature;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) hash: [u8; 32],
    pub(crate) nonce: u64,
    pub(crate) tip: u64,
    pub(crate) max_fee: u64,
    pub(crate) gas_limit: u64,
    pub(crate) deed: Deed,
}

/// What a transaction is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// It only takes a place in the line.
    TakePlace,
    /// It cashes this payment of the scene.
    Cash(usize),
    /// It cashes many, one after the other.
    CashMany(Vec<Cash>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cash {
    pub(crate) payment: usize,
    pub(crate) may_fail: bool,
}

impl Sent {
    /// The payments that it cashes.
    pub(crate) fn payments(&self) -> Vec<usize> {
        match &self.deed {
            Deed::TakePlace => vec![],
            Deed::Cash(payment) => vec![*payment],
            Deed::CashMany(calls) => calls.iter().map(|call| call.payment).collect(),
        }
    }
}

/// Reads the bytes; with `is_thorough` the sender's signature too, which is dear.
pub(crate) fn decode(scene: &Scene, raw: &[u8], is_thorough: bool) -> Sent {
    assert_eq!(raw[0], 2, "the type of EIP-1559");
    let list = payload(&raw[1..]).0;
    let fields = items(list);
    assert_eq!(fields.len(), 12);
    assert_eq!((number(fields[0]), number(fields[6]), fields[8].len()), (CHAIN_ID, 0, 0));
    if is_thorough {
        let end = fields[8].as_ptr() as usize - list.as_ptr() as usize;
        let signature = Signature::from_parts(word(fields[10]), word(fields[11]), number(fields[9]) + 27).unwrap();
        let digest = keccak256(&[&[2], &list_header(end), &list[..end]]);
        assert_eq!(signature.recover(&Digest::from_bytes(digest)), Ok(scene.relayer), "its own key signed it");
    }
    let (to, data) = (fields[5], fields[7]);
    let deed = if to == scene.relayer.as_bytes() && data.is_empty() {
        Deed::TakePlace
    } else if to == multicall::CONTRACT {
        Deed::CashMany(cash_many(scene, data))
    } else {
        Deed::Cash(cashed(scene, to, data))
    };
    let (nonce, tip, max_fee, gas_limit) = (number(fields[1]), number(fields[2]), number(fields[3]), number(fields[4]));
    Sent { hash: keccak256(&[raw]), nonce, tip, max_fee, gas_limit, deed }
}

/// Whether these are the bytes that are sent. Of a transaction of many a record keeps what stands before its signature.
pub(crate) fn is_signed(raw: &[u8]) -> bool {
    raw.split_first().is_some_and(|(_, list)| items(payload(list).0).len() == 12)
}

/// What a call of `aggregate3` cashes.
pub(crate) fn cash_many(scene: &Scene, data: &[u8]) -> Vec<Cash> {
    let calls = multicall::read_calls(data).into_iter();
    calls.map(|call| Cash { payment: cashed(scene, call.to, call.data), may_fail: call.may_fail }).collect()
}

fn cashed(scene: &Scene, to: &[u8], data: &[u8]) -> usize {
    assert_eq!(to, scene.asset.address.as_bytes());
    payment_of(scene, data).expect("it cashes a payment as it was signed")
}

/// Which payment a call of `transferWithAuthorization` is about, to the last bit of its signature.
pub(crate) fn payment_of(scene: &Scene, data: &[u8]) -> Option<usize> {
    assert_eq!((&data[..4], data.len()), (&[0xe3, 0xee, 0x16, 0x0e][..], 4 + 9 * 32));
    let at = |place: usize| &data[4 + 32 * place..][..32];
    scene.payments.iter().position(|payment| {
        let own = &payment.authorization;
        at(0) == own.payer().to_word()
            && at(1) == own.payee().to_word()
            && at(2) == own.amount().to_be_bytes()
            && number(at(3)) == own.valid_after()
            && number(at(4)) == own.deadline()
            && at(5) == own.nonce()
            && number(at(6)) == u64::from(payment.signature.v())
            && at(7) == payment.signature.r()
            && at(8) == payment.signature.s()
    })
}

fn number(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |number, digit| number << 8 | u64::from(*digit))
}

fn word(digits: &[u8]) -> [u8; 32] {
    let mut word = [0; 32];
    word[32 - digits.len()..].copy_from_slice(digits);
    word
}

fn list_header(length: usize) -> Vec<u8> {
    let digits: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|digit| *digit == 0).collect();
    match u8::try_from(length) {
        Ok(short) if short < 56 => vec![0xc0 + short],
        _ => [&[0xf7 + u8::try_from(digits.len()).unwrap()][..], &digits].concat(),
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
        let length = usize::try_from(number(&bytes[1..=count])).unwrap();
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

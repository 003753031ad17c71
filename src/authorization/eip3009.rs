//! `TransferWithAuthorization` of [ERC-3009]: a transfer that anyone may broadcast, once, within its window.
//!
//! [ERC-3009]: https://eips.ethereum.org/EIPS/eip-3009

use crate::address::Address;
use crate::amount::Amount;
use crate::eip712::{DOMAIN_FIELDS, Digest, Domain, Fields, TypedData};
use crate::json::{Object, Value};
use crate::keccak::keccak256;
use hex_literal::hex;

/// The six signed fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransferAuthorization {
    /// The payer.
    pub from: Address,
    /// The payee.
    pub to: Address,
    /// Atomic units of the asset.
    pub value: Amount,
    /// Seconds since the epoch; the transfer works strictly after it.
    pub valid_after: u64,
    /// Seconds since the epoch; the transfer works strictly before it.
    pub valid_before: u64,
    /// Random and used at most once per payer and asset.
    pub nonce: [u8; 32],
}

const TYPE_HASH: [u8; 32] = hex!("7c7c6cdb67a18743f49ec6fa9b35f50d52ed05cbed4cc592e13b44501c1a2267");

/// Names and types of the fields, in the order in which they are hashed.
const FIELDS: Fields<6> = [
    ("from", "address"),
    ("to", "address"),
    ("value", "uint256"),
    ("validAfter", "uint256"),
    ("validBefore", "uint256"),
    ("nonce", "bytes32"),
];

impl TransferAuthorization {
    /// The EIP-712 struct hash.
    #[must_use]
    pub fn struct_hash(&self) -> [u8; 32] {
        keccak256(&[
            &TYPE_HASH,
            &self.from.to_word(),
            &self.to.to_word(),
            &self.value.to_be_bytes(),
            &Amount::from(self.valid_after).to_be_bytes(),
            &Amount::from(self.valid_before).to_be_bytes(),
            &self.nonce,
        ])
    }

    /// What is signed, in the domain of the asset's contract.
    #[must_use]
    pub fn digest(&self, domain: &Domain<'_>) -> Digest {
        domain.digest(&self.struct_hash())
    }

    /// The signed fields by their names, integers as decimal strings.
    pub(crate) fn fields(&self) -> Object {
        Object::new()
            .spelled("from", &self.from)
            .spelled("to", &self.to)
            .spelled("value", &self.value)
            .spelled("validAfter", &Amount::from(self.valid_after))
            .spelled("validBefore", &Amount::from(self.valid_before))
            .hex("nonce", &self.nonce)
    }

    /// The argument of a wallet's `eth_signTypedData_v4`.
    #[must_use]
    pub fn typed_data(&self, domain: &Domain<'_>) -> Value {
        TypedData {
            domain: domain.to_value(),
            domain_fields: &DOMAIN_FIELDS,
            structs: &[("TransferWithAuthorization", &FIELDS)],
            message: self.fields().end(),
        }
        .into_value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn s07_the_type_hash_is_that_of_the_fields() {
        let fields: Vec<_> = FIELDS.iter().map(|(name, kind)| alloc::format!("{kind} {name}")).collect();
        let encode_type = alloc::format!("TransferWithAuthorization({})", fields.join(","));
        assert_eq!(TYPE_HASH, keccak256(&[encode_type.as_bytes()]));
    }
}

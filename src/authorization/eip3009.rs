//! `TransferWithAuthorization` of [ERC-3009]: a transfer that anyone may broadcast, once, within its window.
//!
//! [ERC-3009]: https://eips.ethereum.org/EIPS/eip-3009

use crate::address::Address;
use crate::amount::Amount;
use crate::eip712::{Digest, Domain};
use crate::encoding::hex;
use crate::json::Value;
use crate::keccak::keccak256;
use alloc::vec::Vec;
use hex_literal::hex;

/// The six signed fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authorization {
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
const FIELDS: [(&str, &str); 6] = [
    ("from", "address"),
    ("to", "address"),
    ("value", "uint256"),
    ("validAfter", "uint256"),
    ("validBefore", "uint256"),
    ("nonce", "bytes32"),
];

impl Authorization {
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

    /// The argument of a wallet's `eth_signTypedData_v4`. It names `EIP712Domain`, without which wallets sign an
    /// empty domain, and writes integers as decimal strings, which every wallet reads exactly (S7).
    #[must_use]
    pub fn typed_data(&self, domain: &Domain<'_>) -> Value {
        let types = |fields: &[(&str, &str)]| -> Value {
            let field = |(name, kind): &(&str, &str)| {
                Value::object([("name", Some((*name).into())), ("type", Some((*kind).into()))])
            };
            fields.iter().map(field).collect::<Vec<_>>().into()
        };
        let domain_fields =
            [("name", "string"), ("version", "string"), ("chainId", "uint256"), ("verifyingContract", "address")];
        Value::object([
            (
                "types",
                Some(Value::object([
                    ("EIP712Domain", Some(types(&domain_fields))),
                    ("TransferWithAuthorization", Some(types(&FIELDS))),
                ])),
            ),
            ("primaryType", Some("TransferWithAuthorization".into())),
            (
                "domain",
                Some(Value::object([
                    ("name", Some(domain.name.into())),
                    ("version", Some(domain.version.into())),
                    ("chainId", Some(domain.network.chain_id().into())),
                    ("verifyingContract", Some(Value::printed(&domain.verifying_contract))),
                ])),
            ),
            (
                "message",
                Some(Value::object([
                    ("from", Some(Value::printed(&self.from))),
                    ("to", Some(Value::printed(&self.to))),
                    ("value", Some(Value::printed(&self.value))),
                    ("validAfter", Some(Value::printed(&self.valid_after))),
                    ("validBefore", Some(Value::printed(&self.valid_before))),
                    ("nonce", Some(hex(&self.nonce).into())),
                ])),
            ),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s07_the_type_hash_is_that_of_the_fields() {
        let fields: Vec<_> = FIELDS.iter().map(|(name, kind)| alloc::format!("{kind} {name}")).collect();
        let encode_type = alloc::format!("TransferWithAuthorization({})", fields.join(","));
        assert_eq!(TYPE_HASH, keccak256(&[encode_type.as_bytes()]));
    }
}

//! Typed data: domain separator, struct hash, digest ([EIP-712]).
//!
//! The few types that are signed are encoded by hand from parsed fields; nothing from the wire is ever hashed (S7).
//!
//! [EIP-712]: https://eips.ethereum.org/EIPS/eip-712

use crate::address::Address;
use crate::amount::Amount;
use crate::asset::Asset;
use crate::json::{Object, Value};
use crate::keccak::keccak256;
use crate::network::Network;
use alloc::vec::Vec;
use hex_literal::hex;

/// The 32 bytes that are signed. A digest of another length cannot be expressed (S6):
///
/// ```compile_fail
/// let short: &[u8] = &[0; 31];
/// x402_wasm::eip712::Digest::from_bytes(short);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Takes a hash that was made elsewhere, such as a transaction's.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// The domain of an asset's contract: what makes a signature valid there and nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Domain<'a> {
    /// The asset's EIP-712 name; differs between chains for one and the same asset.
    pub name: &'a str,
    /// The asset's EIP-712 version.
    pub version: &'a str,
    /// The chain.
    pub network: Network,
    /// The asset's contract.
    pub verifying_contract: Address,
}

impl Asset {
    /// The domain in which its authorizations are signed.
    #[must_use]
    pub fn domain(&self) -> Domain<'_> {
        Domain { name: &self.name, version: &self.version, network: self.network, verifying_contract: self.address }
    }
}

/// keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")
const DOMAIN_TYPE_HASH: [u8; 32] = hex!("8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f");

impl Domain<'_> {
    /// The domain separator, as `DOMAIN_SEPARATOR()` of the contract returns it.
    #[must_use]
    pub fn separator(&self) -> [u8; 32] {
        keccak256(&[
            &DOMAIN_TYPE_HASH,
            &keccak256(&[self.name.as_bytes()]),
            &keccak256(&[self.version.as_bytes()]),
            &Amount::from(self.network.chain_id()).to_be_bytes(),
            &self.verifying_contract.to_word(),
        ])
    }

    /// The digest of a struct in this domain.
    #[must_use]
    pub fn digest(&self, struct_hash: &[u8; 32]) -> Digest {
        digest(&self.separator(), struct_hash)
    }

    pub(crate) fn to_value(self) -> Value {
        Object::new()
            .text("name", self.name)
            .text("version", self.version)
            .number("chainId", self.network.chain_id())
            .spelled("verifyingContract", &self.verifying_contract)
            .end()
    }
}

/// The digest of a struct in the domain of this separator.
#[must_use]
pub fn digest(separator: &[u8; 32], struct_hash: &[u8; 32]) -> Digest {
    Digest(keccak256(&[b"\x19\x01", separator, struct_hash]))
}

/// Names and types of a struct's fields, in the order in which they are hashed.
pub(crate) type Fields<const N: usize> = [(&'static str, &'static str); N];

pub(crate) const DOMAIN_FIELDS: Fields<4> =
    [("name", "string"), ("version", "string"), ("chainId", "uint256"), ("verifyingContract", "address")];

/// What a wallet is asked to sign. Integers are decimal strings, which every wallet reads exactly.
pub(crate) struct TypedData<'a> {
    pub(crate) domain: Value,
    pub(crate) domain_fields: &'a [(&'a str, &'a str)],
    /// The primary type and what it refers to.
    pub(crate) structs: &'a [(&'a str, &'a [(&'a str, &'a str)])],
    pub(crate) message: Value,
}

impl TypedData<'_> {
    /// The argument of `eth_signTypedData_v4`. It names `EIP712Domain`, without which wallets sign an empty domain (S7).
    pub(crate) fn into_value(self) -> Value {
        let fields = |fields: &[(&str, &str)]| -> Value {
            let field = |(name, kind): &(&str, &str)| Object::new().text("name", name).text("type", kind).end();
            fields.iter().map(field).collect::<Vec<_>>().into()
        };
        let domain = Object::new().value("EIP712Domain", fields(self.domain_fields));
        let types = self.structs.iter().fold(domain, |types, (name, members)| types.value(name, fields(members)));
        Object::new()
            .value("types", types.end())
            .text("primaryType", self.structs.first().map_or("", |(name, _)| name))
            .value("domain", self.domain)
            .value("message", self.message)
            .end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s07_the_type_hash_is_that_of_the_written_type() {
        let text = b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";
        assert_eq!(DOMAIN_TYPE_HASH, keccak256(&[text]));
    }

    #[test]
    fn s07_the_separator_of_base_usdc_is_the_one_on_chain() {
        let domain = Domain {
            name: "USD Coin",
            version: "2",
            network: Network::from_chain_id(8453).unwrap(),
            verifying_contract: Address::from_wire("0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913").unwrap(),
        };
        let on_chain = hex!("02fa7265e7c5d81118673727957699e4d68f74cd74b7db77da710fe8a2c7834f");
        assert_eq!(domain.separator(), on_chain);
        assert_ne!(Domain { name: "USDC", ..domain }.separator(), on_chain);
        assert_ne!(Domain { version: "1", ..domain }.separator(), on_chain);
    }
}

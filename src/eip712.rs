//! Typed data: domain separator, struct hash, digest ([EIP-712]).
//!
//! The few types that are signed are encoded by hand from parsed fields; nothing from the wire is ever hashed (S7).
//!
//! [EIP-712]: https://eips.ethereum.org/EIPS/eip-712

use crate::address::Address;
use crate::amount::Amount;
use crate::asset::Asset;
use crate::keccak::keccak256;
use crate::network::Network;
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
        Digest(keccak256(&[b"\x19\x01", &self.separator(), struct_hash]))
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

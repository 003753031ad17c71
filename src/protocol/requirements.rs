//! What a server wants.

use crate::address::Address;
use crate::amount::Amount;
use crate::asset::Asset;
use crate::network::Network;
use alloc::borrow::ToOwned as _;
use alloc::string::String;

/// One way to pay, scheme `exact`: this much of this asset to this payee.
///
/// Its only method so far is EIP-3009; Permit2 becomes a second one beside `domain`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentRequirements {
    /// The chain.
    pub network: Network,
    /// The asset's contract.
    pub asset: Address,
    /// Atomic units.
    pub amount: Amount,
    /// The payee.
    pub pay_to: Address,
    /// How long the authorization may live, in seconds.
    pub max_timeout_seconds: u64,
    /// What the requirements say about the asset's EIP-712 domain; informative, never trusted (S56).
    pub domain: Option<AssetDomain>,
}

/// `extra.name` and `extra.version` of the wire formats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssetDomain {
    /// EIP-712 name.
    pub name: String,
    /// EIP-712 version.
    pub version: String,
}

impl AssetDomain {
    /// The domain that our table has for this asset.
    #[must_use]
    pub fn of(asset: &Asset) -> Self {
        Self { name: asset.name.clone().into_owned(), version: (*asset.version).to_owned() }
    }

    /// Whether it names the domain that our table has for this asset.
    #[must_use]
    pub fn is_of(&self, asset: &Asset) -> bool {
        self.name == asset.name && self.version == asset.version
    }
}

/// A requirement of ours together with the asset from our own table: all that a verdict is made of (S14).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnRequirement {
    /// What we want.
    pub requirements: PaymentRequirements,
    /// In which asset.
    pub asset: Asset,
}

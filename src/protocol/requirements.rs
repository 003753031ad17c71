//! What a server wants.

use crate::address::Address;
use crate::amount::Amount;
use crate::asset::Asset;
use crate::authorization::Authorization;
use crate::authorization::eip3009::TransferAuthorization;
use crate::authorization::permit2::{Permit, Spender};
use crate::network::Network;
use alloc::borrow::ToOwned as _;
use alloc::string::String;

/// One way to pay: this much of this asset to this payee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentRequirements {
    /// The scheme, and how the asset moves.
    pub method: Method,
    /// The chain.
    pub network: Network,
    /// The asset's contract.
    pub asset: Address,
    /// Atomic units; a ceiling where the method is `upto`.
    pub amount: Amount,
    /// The payee.
    pub pay_to: Address,
    /// How long the authorization may live, in seconds.
    pub max_timeout_seconds: u64,
    /// What the requirements say about the asset's EIP-712 domain; informative, never trusted (S56).
    pub domain: Option<AssetDomain>,
}

/// A scheme of x402 together with the method of transfer that it goes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "a new method is a new design")]
pub enum Method {
    /// `exact`, by the asset's own EIP-3009.
    Eip3009,
    /// `exact`, by Permit2 through x402's proxy.
    Permit2,
    /// `upto`, by Permit2 through x402's proxy: what it costs is known after serving.
    Upto {
        /// The only account that may settle.
        facilitator: Address,
    },
    /// x402-mock's Permit2: the payee takes the asset itself, from its own account.
    PermitToPayee,
}

impl PaymentRequirements {
    /// The check that pays exactly this, before it is signed; `None` where it takes a permit, and the build has none.
    /// `deadline` in seconds since the epoch.
    #[must_use]
    pub fn check(&self, payer: Address, nonce: [u8; 32], deadline: u64) -> Option<Authorization> {
        let (to, valid_after) = (self.pay_to, 0);
        let spender = match self.method {
            Method::Eip3009 => {
                let transfer = TransferAuthorization {
                    from: payer,
                    to,
                    value: self.amount,
                    valid_after,
                    valid_before: deadline,
                    nonce,
                };
                return Some(transfer.into());
            }
            Method::Permit2 => Spender::ExactProxy { to, valid_after },
            Method::Upto { facilitator } => Spender::UptoProxy { to, facilitator, valid_after },
            Method::PermitToPayee => Spender::Payee(to),
        };
        Some(Permit::new(payer, self.amount, nonce, deadline, spender)?.into())
    }
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

//! The payment: an authorization, its signature, and what the payer thinks that it pays for.

use super::{AssetDomain, Dialect, Method, Offer};
use crate::address::Address;
use crate::amount::Amount;
use crate::authorization::Authorization;
use crate::network::Network;
use crate::seal::Seal;
use crate::signature::Signature;

/// A payment as it came in: well-formed, and nothing more. Only [`crate::verify`] turns it into a verified one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedPayment {
    /// In which dialect it came.
    pub dialect: Dialect,
    /// Selects one of our requirements; never trusted beyond that (S14).
    pub terms: Terms,
    /// What was signed.
    pub authorization: Authorization,
    /// What makes it the payer's, if it is.
    pub seal: Seal,
}

/// What a payment says about the requirements that it answers; `None` where its dialect does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Always stated, in one way or another.
    pub method: Method,
    /// The chain.
    pub network: Network,
    /// The asset's contract; v1 means the one that is offered on its network.
    pub asset: Option<Address>,
    /// Atomic units.
    pub amount: Option<Amount>,
    /// The payee.
    pub pay_to: Option<Address>,
    /// Seconds.
    pub max_timeout_seconds: Option<u64>,
    /// The asset's EIP-712 domain.
    pub domain: Option<AssetDomain>,
}

/// A payment that our payer signed, ready to be written in the dialect of its offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedPayment {
    /// What it answers.
    pub offer: Offer,
    /// What was signed.
    pub authorization: Authorization,
    /// Checked against the payer's own account (S66).
    pub signature: Signature,
}

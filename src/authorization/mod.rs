//! The digital checks: what a payer signs instead of making a transfer.
//!
//! | | signed for | cashed by |
//! |---|---|---|
//! | [`eip3009`] | the asset's own contract | anybody |
//! | [`permit2`] | Uniswap's Permit2, which the payer allowed to take the asset | whom the permit names |

pub mod eip3009;
pub mod permit2;
mod record;

use crate::address::Address;
use crate::amount::Amount;
use crate::asset::Asset;
use crate::eip712::{Digest, digest};
use crate::json::Value;
use eip3009::TransferAuthorization;
use permit2::{PERMIT2, Permit, Spender};

/// What a payer signed, by either method. The asset is not in it: a verifier takes it from its own requirements (S14).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "a new method is a new design")]
pub enum Authorization {
    /// The asset's contract moves it.
    Eip3009(TransferAuthorization),
    /// Permit2 moves it.
    Permit2(Permit),
}

impl From<TransferAuthorization> for Authorization {
    fn from(transfer: TransferAuthorization) -> Self {
        Self::Eip3009(transfer)
    }
}

impl From<Permit> for Authorization {
    fn from(permit: Permit) -> Self {
        Self::Permit2(permit)
    }
}

impl Authorization {
    /// Who pays, by its own word: the signature decides.
    #[must_use]
    pub const fn payer(&self) -> Address {
        match self {
            Self::Eip3009(transfer) => transfer.from,
            Self::Permit2(permit) => permit.owner,
        }
    }

    /// Who is paid.
    #[must_use]
    pub const fn payee(&self) -> Address {
        match self {
            Self::Eip3009(transfer) => transfer.to,
            Self::Permit2(permit) => permit.spender.payee(),
        }
    }

    /// Atomic units of the asset; the most that can move, and for all but `upto` exactly what moves.
    #[must_use]
    pub const fn amount(&self) -> Amount {
        match self {
            Self::Eip3009(transfer) => transfer.value,
            Self::Permit2(permit) => permit.amount,
        }
    }

    /// Whether less than its amount may move, as the payee's side decides after serving.
    #[must_use]
    pub const fn is_ceiling(&self) -> bool {
        matches!(self, Self::Permit2(Permit { spender: Spender::UptoProxy { .. }, .. }))
    }

    /// The contract that remembers its nonce.
    #[must_use]
    pub const fn nonce_keeper(&self, asset: &Asset) -> Address {
        match self {
            Self::Eip3009(_) => asset.address,
            // One map for all assets: a nonce that was signed for two of them is good for one.
            Self::Permit2(_) => PERMIT2,
        }
    }

    /// Used at most once per payer and [`Self::nonce_keeper`].
    #[must_use]
    pub const fn nonce(&self) -> &[u8; 32] {
        match self {
            Self::Eip3009(transfer) => &transfer.nonce,
            Self::Permit2(permit) => &permit.nonce,
        }
    }

    /// Seconds since the epoch; it is good for nothing before.
    #[must_use]
    pub const fn valid_after(&self) -> u64 {
        match self {
            Self::Eip3009(transfer) => transfer.valid_after,
            Self::Permit2(permit) => permit.spender.valid_after(),
        }
    }

    /// The end of its window, in seconds since the epoch, as it stands in it: `validBefore` or `deadline`.
    #[must_use]
    pub const fn deadline(&self) -> u64 {
        match self {
            Self::Eip3009(transfer) => transfer.valid_before,
            Self::Permit2(permit) => permit.deadline,
        }
    }

    /// Whether no block of this time takes it any more. EIP-3009 refuses the end of its window, Permit2 still takes it.
    #[must_use]
    pub const fn is_over_at(&self, timestamp: u64) -> bool {
        match self {
            Self::Eip3009(transfer) => timestamp >= transfer.valid_before,
            Self::Permit2(permit) => timestamp > permit.deadline,
        }
    }

    /// What is signed when it is about this asset.
    #[must_use]
    pub fn digest(&self, asset: &Asset) -> Digest {
        match self {
            Self::Eip3009(transfer) => transfer.digest(&asset.domain()),
            Self::Permit2(permit) => digest(&permit2::separator(asset.network), &permit.struct_hash(asset.address)),
        }
    }

    /// The argument of a wallet's `eth_signTypedData_v4`.
    #[must_use]
    pub fn typed_data(&self, asset: &Asset) -> Value {
        match self {
            Self::Eip3009(transfer) => transfer.typed_data(&asset.domain()),
            Self::Permit2(permit) => permit.typed_data(asset.network, asset.address),
        }
    }

    /// [`Self::replay_domain`] of EIP-3009.
    pub const TRANSFER_DOMAIN: &'static [u8] = b"x402-wasm/eip3009";
    /// [`Self::replay_domain`] of Permit2.
    pub const PERMIT_DOMAIN: &'static [u8] = b"x402-wasm/permit2";

    /// Names the method in what a ledger remembers it by (S38).
    #[must_use]
    pub const fn replay_domain(&self) -> &'static [u8] {
        match self {
            Self::Eip3009(_) => Self::TRANSFER_DOMAIN,
            Self::Permit2(_) => Self::PERMIT_DOMAIN,
        }
    }
}

#[cfg(test)]
impl Authorization {
    /// The transfer inside, for tests that change one field of it.
    pub(crate) fn transfer_mut(&mut self) -> &mut TransferAuthorization {
        match self {
            Self::Eip3009(transfer) => transfer,
            Self::Permit2(_) => panic!("not a transfer"),
        }
    }
}

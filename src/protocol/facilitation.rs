//! What a facilitator answers: its word, and nothing more than that (S51).

use crate::address::Address;
use crate::amount::Amount;
use crate::network::Network;
use alloc::string::String;

/// The answer of `POST /settle`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettleAnswer {
    /// Whether it says that the money moved.
    pub success: bool,
    /// The hash of the transaction; `None` where it names none.
    pub transaction: Option<[u8; 32]>,
    /// Where.
    pub network: Option<Network>,
    /// Who paid.
    pub payer: Option<Address>,
    /// How much, in atomic units, where it says.
    pub amount: Option<Amount>,
    /// Why not, by a code.
    pub reason: Option<String>,
}

impl SettleAnswer {
    /// Nothing moved, for this reason.
    #[must_use]
    pub const fn not_settled(reason: Option<String>) -> Self {
        Self { success: false, transaction: None, network: None, payer: None, amount: None, reason }
    }
}

/// The answer of `POST /verify`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyAnswer {
    /// Whether it would settle the payment.
    pub is_valid: bool,
    /// Who pays.
    pub payer: Option<Address>,
    /// Why not, by a code.
    pub reason: Option<String>,
}

/// One kind of payment that a facilitator settles: an element of `GET /supported`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The version of x402.
    pub version: u64,
    /// Such as `exact`.
    pub scheme: String,
    /// As this version spells it.
    pub network: String,
}

/// The reason of an answer that is not the last one: the transaction is sent, and its outcome not known yet.
pub const SETTLEMENT_PENDING: &str = "settlement_pending";

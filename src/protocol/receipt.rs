//! The receipt: what became of a payment, and the ticket that it bought.

use crate::address::Address;
use crate::amount::Amount;
use crate::json::Value;
use crate::network::Network;
use alloc::string::String;

/// What a gate answers to an accepted payment, and a payer reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Who paid.
    pub payer: Option<Address>,
    /// Where.
    pub network: Option<Network>,
    /// The hash of the settling transaction; `None` while the check is not cashed yet.
    pub transaction: Option<[u8; 32]>,
    /// What was charged, in atomic units, where that was not fixed by the offer.
    pub amount: Option<Amount>,
    /// The ticket, where the payment bought one.
    pub ticket: Option<IssuedTicket>,
    /// The extension `offer-receipt`, where the gate signs its receipts, as it goes over the wire.
    pub signed: Option<Value>,
}

/// An access ticket on its way to its holder. A bearer secret: it is not printed (S28).
#[derive(Clone, PartialEq, Eq)]
pub struct IssuedTicket {
    /// The text that opens the gate, for `Authorization: Bearer`.
    pub text: String,
    /// What it opens, where the dialect says.
    pub scope: Option<String>,
    /// Seconds since the epoch; it opens nothing from then on.
    pub expires_at: u64,
    /// The ledger's key of the payment, where the dialect says.
    pub id: Option<String>,
}

impl core::fmt::Debug for IssuedTicket {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "IssuedTicket({:?})", self.scope)
    }
}

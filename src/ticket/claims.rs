//! What a ticket says.

use crate::address::Address;
use crate::amount::Amount;
use crate::json::Value;
use crate::network::Network;
use alloc::borrow::ToOwned;
use alloc::string::{String, ToString as _};

/// A ticket's claims. The names on the wire are those of RFC 7519.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// `aud`: what it opens.
    pub scope: String,
    /// `sub`: who paid, CAIP-10 on the wire. x402-mock's format does not say.
    pub payer: Option<Address>,
    /// `jti`: the ledger's key of the payment. x402-mock's format does not say.
    pub id: Option<String>,
    /// `iat`, seconds since the epoch.
    pub issued_at: u64,
    /// `exp`, seconds since the epoch; it opens nothing from then on.
    pub expires_at: u64,
    /// `x402`: what was paid.
    pub paid: Option<Paid>,
}

/// What was paid for a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paid {
    /// The chain.
    pub network: Network,
    /// The asset's contract.
    pub asset: Address,
    /// Atomic units.
    pub amount: Amount,
}

impl Ticket {
    /// The JWT's payload; `None` for a ticket that lacks a claim.
    pub(super) fn to_claims(&self, issuer: &str) -> Option<Value> {
        let Paid { network, asset, amount } = self.paid?;
        let payer = self.payer?;
        Some(Value::object([
            ("iss", Some(issuer.into())),
            ("aud", Some(self.scope.as_str().into())),
            ("sub", Some(alloc::format!("{network}:{payer}").into())),
            ("iat", Some(self.issued_at.into())),
            ("exp", Some(self.expires_at.into())),
            ("jti", Some(self.id.as_deref()?.into())),
            (
                "x402",
                Some(Value::object([
                    ("network", Some(network.to_string().into())),
                    ("asset", Some(asset.to_string().into())),
                    ("amount", Some(amount.to_string().into())),
                ])),
            ),
        ]))
    }

    /// Reads the payload; every claim is mandatory and has one type (S35).
    pub(super) fn from_claims(claims: &Value) -> Option<(&str, Self)> {
        let text = |name: &str| claims.get(name)?.as_str();
        let number = |name: &str| claims.get(name)?.as_u64();
        let paid = claims.get("x402")?;
        let network = Network::from_caip2(paid.get("network")?.as_str()?).ok()?;
        let (chain, payer) = text("sub")?.rsplit_once(':')?;
        if Network::from_caip2(chain) != Ok(network) {
            return None;
        }
        let ticket = Self {
            scope: text("aud")?.to_owned(),
            payer: Some(Address::from_wire(payer).ok()?),
            id: Some(text("jti")?.to_owned()),
            issued_at: number("iat")?,
            expires_at: number("exp")?,
            paid: Some(Paid {
                network,
                asset: Address::from_wire(paid.get("asset")?.as_str()?).ok()?,
                amount: Amount::from_decimal(paid.get("amount")?.as_str()?).ok()?,
            }),
        };
        Some((text("iss")?, ticket))
    }
}

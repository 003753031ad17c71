//! What a ticket says.

use crate::address::Address;
use crate::amount::Amount;
use crate::json::{Object, Value};
use crate::network::Network;
use alloc::borrow::ToOwned;
use alloc::string::String;

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
        let paid = Object::new().shown("network", &network).shown("asset", &asset).shown("amount", &amount).end();
        let claims = Object::new()
            .text("iss", issuer)
            .text("aud", &self.scope)
            .shown("sub", &format_args!("{network}:{payer}"))
            .number("iat", self.issued_at)
            .number("exp", self.expires_at)
            .text("jti", self.id.as_deref()?)
            .value("x402", paid);
        Some(claims.end())
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

/// Claims in the very spelling in which we write them, read without making a document of them: most tickets come back as
/// they were written, and a gate reads one with every request. `None` for every other spelling, which says nothing.
pub(super) fn in_our_spelling<'a>(text: &'a str) -> Option<(&'a str, Ticket)> {
    let mut rest = text;
    let mut after = |word: &str, end: char| -> Option<&'a str> {
        let (value, others) = rest.strip_prefix(word)?.split_once(end)?;
        rest = others;
        // What is escaped, or would have to be, is not read here.
        value.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'\\').then_some(value)
    };
    let issuer = after("{\"iss\":\"", '"')?;
    let scope = after(",\"aud\":\"", '"')?;
    let subject = after(",\"sub\":\"", '"')?;
    let issued_at = after(",\"iat\":", ',')?;
    let expires_at = after("\"exp\":", ',')?;
    let id = after("\"jti\":\"", '"')?;
    let network = after(",\"x402\":{\"network\":\"", '"')?;
    let asset = after(",\"asset\":\"", '"')?;
    let amount = after(",\"amount\":\"", '"')?;
    let payer = subject.strip_prefix(network)?.strip_prefix(':')?;
    let ticket = Ticket {
        scope: scope.to_owned(),
        payer: Some(Address::from_wire(payer).ok()?),
        id: Some(id.to_owned()),
        issued_at: whole(issued_at)?,
        expires_at: whole(expires_at)?,
        paid: Some(Paid {
            network: Network::from_caip2(network).ok()?,
            asset: Address::from_wire(asset).ok()?,
            amount: Amount::from_decimal(amount).ok()?,
        }),
    };
    (rest == "}}").then_some((issuer, ticket))
}

/// An integer as JSON writes it.
fn whole(text: &str) -> Option<u64> {
    Amount::from_decimal(text).ok()?.to_u64()
}

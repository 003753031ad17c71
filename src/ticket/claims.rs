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
    // Leaves what ends a value to the next word. What is escaped, or would have to be, ends it too, and is no word's start.
    let mut after = |word: &str, end: u8| -> Option<&'a str> {
        let others = rest.strip_prefix(word)?;
        let length = others.bytes().position(|byte| byte == end || byte == b'\\' || !matches!(byte, b' '..=b'~'))?;
        let value;
        (value, rest) = others.split_at_checked(length)?;
        Some(value)
    };
    let issuer = after("{\"iss\":\"", b'"')?;
    let scope = after("\",\"aud\":\"", b'"')?;
    let subject = after("\",\"sub\":\"", b'"')?;
    let issued_at = after("\",\"iat\":", b',')?;
    let expires_at = after(",\"exp\":", b',')?;
    let id = after(",\"jti\":\"", b'"')?;
    let network = after("\",\"x402\":{\"network\":\"", b'"')?;
    let asset = after("\",\"asset\":\"", b'"')?;
    let amount = after("\",\"amount\":\"", b'"')?;
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
    (rest == "\"}}").then_some((issuer, ticket))
}

/// An integer as JSON writes it.
fn whole(text: &str) -> Option<u64> {
    Amount::from_decimal(text).ok()?.to_u64()
}

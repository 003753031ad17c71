//! What the payer tells its owner, as plain data: amounts in units, times in seconds since the epoch.

use super::budget::ApprovedPayment;
use super::config::UNIT_DECIMALS;
use super::tickets::{HeldTicket, Scope};
use super::{Payer, PayerError};
use crate::amount::Amount;
use crate::encoding::hex;
use crate::json::Value;
use crate::protocol::{IssuedTicket, Offer};

impl Payer {
    /// The tickets that still open something.
    #[must_use]
    pub fn tickets(&self, now: u64) -> Value {
        let live = self.tickets.held.iter().filter(|held| held.ticket.expires_at > now);
        Value::Array(live.map(|HeldTicket { scope, ticket }| describe_ticket(scope, ticket)).collect())
    }

    /// The caps, and what counts against them.
    #[must_use]
    pub fn spending(&self, now: u64) -> Value {
        let units = |amount: Amount| Some(amount.to_units(UNIT_DECIMALS).into());
        let against = |limit, spent| Value::object([("limit", units(limit)), ("spent", units(spent))]);
        let (limits, tally) = (&self.budget.config.limits, &self.budget.tally);
        Value::object([
            ("perPayment", units(limits.per_payment)),
            ("perHour", limits.per_hour.map(|limit| against(limit, tally.last_hour(now)))),
            ("perDay", Some(against(limits.per_day, tally.last_day(now)))),
            ("total", limits.total.map(|limit| against(limit, tally.total))),
        ])
    }

    /// An offer in the owner's words; in atomic units where the asset is not known.
    pub(super) fn describe_offer(&self, offer: &Offer) -> Value {
        let wanted = &offer.requirements;
        let asset = self.budget.config.assets.find(wanted.network, wanted.asset);
        let units = asset.as_ref().map(|asset| wanted.amount.to_units(asset.decimals).into());
        Value::object([
            ("amount", units),
            ("atomicAmount", Some(Value::printed(&wanted.amount))),
            ("symbol", asset.map(|asset| (*asset.symbol).into())),
            ("asset", Some(Value::printed(&wanted.asset))),
            ("network", Some(Value::printed(&wanted.network))),
            ("payTo", Some(Value::printed(&wanted.pay_to))),
        ])
    }
}

/// A payment that is about to leave: the frozen copy that was signed (S64).
pub(super) fn describe_payment(payment: &ApprovedPayment, origin: &str, url: &str) -> Value {
    let (asset, authorization) = (payment.asset(), payment.authorization());
    Value::object([
        ("origin", Some(origin.into())),
        ("url", Some(url.into())),
        ("amount", Some(authorization.value.to_units(asset.decimals).into())),
        ("symbol", Some((*asset.symbol).into())),
        ("asset", Some(Value::printed(&asset.address))),
        ("network", Some(Value::printed(&asset.network))),
        ("payTo", Some(Value::printed(&authorization.to))),
        ("validBefore", Some(authorization.valid_before.into())),
        ("nonce", Some(hex(&authorization.nonce).into())),
        ("typedData", Some(payment.typed_data())),
    ])
}

/// A ticket without the text that opens the gate (S28).
pub(super) fn describe_ticket(scope: &Scope, ticket: &IssuedTicket) -> Value {
    Value::object([
        ("origin", Some(scope.origin.as_str().into())),
        ("scope", Some(ticket.scope.as_deref().unwrap_or(&scope.name).into())),
        ("expires", Some(ticket.expires_at.into())),
        ("jti", ticket.id.as_deref().map(Value::from)),
    ])
}

impl PayerError {
    /// As an `X402Error` carries it.
    #[must_use]
    pub fn to_value(&self) -> Value {
        Value::object([("code", Some(self.code().into())), ("message", Some(Value::printed(self)))])
    }
}

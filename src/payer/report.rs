//! What the payer tells its owner, as plain data: amounts in units, times in seconds since the epoch.

use super::budget::ApprovedPayment;
use super::by_origin::OwnCap;
use super::config::UNIT_DECIMALS;
use super::full::IS_FULL;
use super::limit::OriginCap;
use super::tickets::{HeldTicket, Scope};
use super::{Payer, PayerError};
use crate::amount::Amount;
use crate::asset::AssetTable;
use crate::json::{Object, Value};
use crate::protocol::{IssuedTicket, Offer};
use alloc::vec::Vec;

impl Payer {
    /// The tickets that still open something.
    #[must_use]
    pub fn tickets(&self, now: u64) -> Value {
        let mut tickets = Vec::new();
        for HeldTicket { scope, ticket } in &self.tickets.held {
            if ticket.expires_at > now {
                tickets.push(describe_ticket(scope, ticket));
            }
        }
        Value::Array(tickets)
    }

    /// The caps, and what counts against them.
    #[must_use]
    pub fn spending(&self, now: u64) -> Value {
        let (limits, tally) = (&self.budget.config.limits, &self.budget.tally);
        Object::new()
            .text("perPayment", &limits.per_payment.to_units(UNIT_DECIMALS))
            .value_if("perHour", limits.per_hour.map(|limit| against(limit, tally.last_hour(now))))
            .value("perDay", against(limits.per_day, tally.last_day(now)))
            .value_if("total", limits.total.map(|limit| against(limit, tally.total)))
            .value_if("origins", self.spending_by_origin(now))
            .end()
    }

    /// The caps of the origins that were paid, where there are any.
    fn spending_by_origin(&self, now: u64) -> Option<Value> {
        let mut told = Object::new();
        let mut is_capped = false;
        for origin in self.budget.counted_origins() {
            let mut caps = Object::new();
            for OwnCap { name, cap, limit, spent } in self.budget.origin_caps(origin, now) {
                is_capped = true;
                caps = match cap {
                    OriginCap::PerPayment => caps.text(name, &limit.to_units(UNIT_DECIMALS)),
                    _ => caps.value(name, against(limit, spent)),
                };
            }
            told = told.value(origin, caps.end());
        }
        is_capped.then(|| told.end())
    }

    /// An offer in the owner's words.
    pub(super) fn describe_offer(&self, offer: &Offer) -> Value {
        describe_offer(&self.budget.config.assets, offer)
    }
}

/// An offer in a person's words; in atomic units where the asset is not known.
pub(super) fn describe_offer(assets: &AssetTable, offer: &Offer) -> Value {
    let wanted = &offer.requirements;
    let asset = assets.find(wanted.network, wanted.asset);
    let units = asset.as_ref().map(|asset| wanted.amount.to_units(asset.decimals));
    Object::new()
        .text_if("amount", units.as_deref())
        .shown("atomicAmount", &wanted.amount)
        .text_if("symbol", asset.as_ref().map(|asset| &*asset.symbol))
        .shown("asset", &wanted.asset)
        .shown("network", &wanted.network)
        .text_if("networkName", wanted.network.v1_name())
        .shown("payTo", &wanted.pay_to)
        .end()
}

/// A cap, and what counts against it.
fn against(limit: Amount, spent: Amount) -> Value {
    let (limit, spent) = (limit.to_units(UNIT_DECIMALS), spent.to_units(UNIT_DECIMALS));
    Object::new().text("limit", &limit).text("spent", &spent).end()
}

/// A payment that is about to leave: the frozen copy that was signed (S64).
pub(super) fn describe_payment(payment: &ApprovedPayment, origin: &str, url: &str) -> Value {
    let (asset, authorization) = (payment.asset(), payment.authorization());
    Object::new()
        .text("origin", origin)
        .text("url", url)
        .text("amount", &authorization.amount().to_units(asset.decimals))
        .text("symbol", &asset.symbol)
        .shown("asset", &asset.address)
        .shown("network", &asset.network)
        .shown("payTo", &authorization.payee())
        .number("validBefore", authorization.deadline())
        .hex("nonce", authorization.nonce())
        .value("typedData", payment.typed_data())
        .end()
}

/// A ticket without the text that opens the gate (S28).
pub(super) fn describe_ticket(scope: &Scope, ticket: &IssuedTicket) -> Value {
    Object::new()
        .text("origin", &scope.origin)
        .text("scope", ticket.scope.as_deref().unwrap_or(&scope.name))
        .number("expires", ticket.expires_at)
        .text_if("jti", ticket.id.as_deref())
        .end()
}

impl PayerError {
    /// As an `X402Error` carries it.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let told = Object::new().text("code", self.code()).shown("message", self).text_if("reason", self.reason());
        if IS_FULL { told.value_if("limit", self.limit()).end() } else { told.end() }
    }
}

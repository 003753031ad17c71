//! What the payer tells its owner, as plain data: amounts in units, times in seconds since the epoch.

use super::budget::{ApprovedPayment, Budget};
use super::by_origin::OwnCap;
use super::cap::Cap;
use super::config::UNIT_DECIMALS;
use super::full::IS_FULL;
use super::limit::OriginCap;
use super::{Payer, PayerError};
use crate::amount::Amount;
use crate::asset::AssetTable;
use crate::json::{Object, Value};
use crate::protocol::Offer;
use alloc::vec::Vec;

impl Payer {
    /// The tickets that still open something.
    #[must_use]
    pub fn tickets(&self, now: u64) -> Value {
        let mut tickets = Vec::new();
        for held in self.tickets.held.iter() {
            if held.number("expires") > Some(now) {
                tickets.push(describe_ticket(held));
            }
        }
        Value::Array(tickets)
    }

    /// The caps, and what counts against them.
    #[must_use]
    pub fn spending(&self, now: u64) -> Value {
        let Budget { config, tally, .. } = &self.budget;
        let mut told = Object::new();
        for (cap, limit) in &config.limits.caps {
            told = tell_cap(told, *cap, *limit, tally.against(*cap, now));
        }
        told.value_if("origins", self.spending_by_origin(now)).end()
    }

    /// The caps of the origins that were paid, where there are any.
    fn spending_by_origin(&self, now: u64) -> Option<Value> {
        let mut told = Object::new();
        let mut is_capped = false;
        for origin in self.budget.counted_origins() {
            let mut caps = Object::new();
            for OwnCap { cap, limit, spent } in self.budget.origin_caps(origin, now) {
                is_capped = true;
                caps = tell_cap(caps, cap, limit, spent);
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

/// A cap, and unless it is for each payment what counts against it.
#[inline(never)]
fn tell_cap(told: Object, cap: Cap, limit: Amount, spent: Amount) -> Object {
    let (limit, spent) = (limit.to_units(UNIT_DECIMALS), spent.to_units(UNIT_DECIMALS));
    if matches!(cap, Cap::PerPayment | Cap::Origin(OriginCap::PerPayment)) {
        return told.text(cap.member(), &limit);
    }
    told.value(cap.member(), Object::new().text("limit", &limit).text("spent", &spent).end())
}

/// An offer in a person's words; in atomic units where the asset is not known.
pub(super) fn describe_offer(assets: &AssetTable, offer: &Offer) -> Value {
    let wanted = &offer.requirements;
    let asset = assets.find(wanted.network, wanted.asset);
    let units = asset.as_ref().map(|asset| wanted.amount.to_units(asset.decimals));
    Object::new()
        .text_if("amount", units.as_deref())
        .spelled("atomicAmount", &wanted.amount)
        .text_if("symbol", asset.as_ref().map(|asset| &*asset.symbol))
        .spelled("asset", &wanted.asset)
        .spelled("network", &wanted.network)
        .text_if("networkName", wanted.network.v1_name())
        .spelled("payTo", &wanted.pay_to)
        .end()
}

/// A payment that is about to leave: the frozen copy that was signed (S64).
pub(super) fn describe_payment(payment: &ApprovedPayment, origin: &str, url: &str) -> Value {
    payment_facts(payment, origin, url).value("typedData", payment.typed_data()).end()
}

/// What its owner may look for later.
pub(super) fn payment_facts(payment: &ApprovedPayment, origin: &str, url: &str) -> Object {
    let (asset, authorization) = (payment.asset(), payment.authorization());
    Object::new()
        .text("origin", origin)
        .text("url", url)
        .text("amount", &authorization.amount().to_units(asset.decimals))
        .text("symbol", &asset.symbol)
        .spelled("asset", &asset.address)
        .spelled("network", &asset.network)
        .spelled("payTo", &authorization.payee())
        .number("validBefore", authorization.deadline())
        .hex("nonce", authorization.nonce())
}

/// A ticket without the text that opens the gate (S28).
pub(super) fn describe_ticket(held: &Value) -> Value {
    Object::new()
        .text_if("origin", held.text("origin"))
        .text_if("scope", held.text("scope").or(held.text("name")))
        .number_if("expires", held.number("expires"))
        .text_if("jti", held.text("jti"))
        .end()
}

impl PayerError {
    /// As an `X402Error` carries it.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let told = Object::new().text("code", self.code()).spelled("message", self).text_if("reason", self.reason());
        if IS_FULL { told.value_if("limit", self.limit()).end() } else { told.end() }
    }
}

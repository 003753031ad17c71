//! The limits that an owner sets in the full build only, and which of all limits keeps a payer from paying.

use super::error::PayerError;
use super::full::IS_FULL;
use crate::json::{Object, Value};

/// The caps of one origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OriginCap {
    /// For a payment.
    PerPayment,
    /// For an hour.
    PerHour,
    /// For a day.
    PerDay,
    /// In all.
    Total,
}

/// What a payer's owner lists as the only ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum List {
    /// The assets.
    Assets,
    /// The payees.
    Payees,
}

impl OriginCap {
    /// The option's path.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            _ if !IS_FULL => "",
            Self::PerPayment => "budget.origins.perPayment",
            Self::PerHour => "budget.origins.perHour",
            Self::PerDay => "budget.origins.perDay",
            Self::Total => "budget.origins.total",
        }
    }

    pub(super) const fn code(self) -> &'static str {
        match self {
            _ if !IS_FULL => "",
            Self::PerPayment => "over_origin_per_payment",
            Self::PerHour => "over_origin_per_hour",
            Self::PerDay => "over_origin_per_day",
            Self::Total => "over_origin_total",
        }
    }
}

impl List {
    /// The option's path.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            _ if !IS_FULL => "",
            Self::Assets => "budget.allow.assets",
            Self::Payees => "budget.allow.payees",
        }
    }

    pub(super) const fn code(self) -> &'static str {
        match self {
            _ if !IS_FULL => "",
            Self::Assets => "asset_not_allowed",
            Self::Payees => "payee_not_allowed",
        }
    }
}

impl PayerError {
    /// The limit that an offer exceeds, by the name of its option: `{option, left}`, with `left` in units for a cap.
    pub(super) fn limit(&self) -> Option<Value> {
        let (option, left) = match self {
            Self::OverBudget { cap, left, .. } => (cap.name(), Some(left.as_str())),
            Self::NetworkNotAllowed(_) => ("networks", None),
            Self::UnknownAsset(_) => ("assets", None),
            Self::NotListed(list) => (list.name(), None),
            Self::PayeeChanged => ("budget.payees", None),
            Self::Permit2NotAllowed => ("permit2", None),
            Self::SignedOffer(_) => ("offerReceipt", None),
            _ => return None,
        };
        Some(Object::new().text("option", option).text_if("left", left).end())
    }
}

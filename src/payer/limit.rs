//! Which of its owner's limits keeps a payer from paying.

use super::error::PayerError;
use super::full::IS_FULL;
use crate::json::{Object, Value};

impl PayerError {
    /// The limit that an offer exceeds, by the name of its option: `{option, left}`, with `left` in units for a cap.
    pub(super) fn limit(&self) -> Option<Value> {
        let (option, left) = match self {
            Self::OverBudget { cap, left, .. } => (cap.name(), Some(left.as_str())),
            _ if !IS_FULL => return None,
            Self::NetworkNotAllowed(_) => ("networks", None),
            Self::UnknownAsset(_) => ("assets", None),
            Self::AssetNotAllowed => ("budget.allow.assets", None),
            Self::PayeeNotAllowed => ("budget.allow.payees", None),
            Self::PayeeChanged => ("budget.payees", None),
            Self::Permit2NotAllowed => ("permit2", None),
            Self::SignedOffer(_) => ("offerReceipt", None),
            _ => return None,
        };
        Some(Object::new().text("option", option).text_if("left", left).end())
    }
}

//! What a stored record says without its gate.

use crate::door::value::to_js;
use crate::ledger::Entry;
#[cfg(feature = "cashier")]
use alloc::string::String;
use wasm_bindgen::prelude::*;

/// What anybody may know of a stored record; `undefined` where it is damaged.
#[wasm_bindgen(js_name = recordPublic)]
#[must_use]
pub fn record_public(record: &str) -> JsValue {
    Entry::from_record(record).map_or(JsValue::UNDEFINED, |entry| to_js(entry.to_public()))
}

/// The ticket issuer of the gate that wrote a record; `undefined` where it is damaged.
#[cfg(feature = "cashier")]
#[wasm_bindgen(js_name = recordGate)]
#[must_use]
pub fn record_gate(record: &str) -> Option<String> {
    Some(Entry::from_record(record).ok()?.gate().into())
}

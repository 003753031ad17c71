//! JavaScript's plain data to JSON values and back, each property read once: a frozen copy (S15, S54).

use super::error::thrown;
use crate::json::{Value, parse};
use alloc::string::ToString as _;
use wasm_bindgen::JsValue;

/// Copies plain data out of JavaScript: through its JSON text and our own strict reader, so that nothing live comes in,
/// and a number that is no integer stays a text that no amount is read from (S11).
///
/// # Errors
/// What JSON cannot say, a getter that throws, or more than one JSON document of ours may hold.
pub(crate) fn from_js(value: &JsValue) -> Result<Value, JsValue> {
    let text = js_sys::JSON::stringify(value)?.as_string().unwrap_or_default();
    parse(&text).map_err(|error| thrown("invalid_argument", error.to_string()))
}

/// Makes plain JavaScript objects.
#[cfg(not(feature = "cashier"))]
pub(crate) fn to_js(mut value: Value) -> JsValue {
    keep_exact(&mut value);
    // What we write is JSON.
    js_sys::JSON::parse(&value.to_string()).unwrap_or(JsValue::UNDEFINED)
}

/// Integers that JavaScript holds exactly are numbers; everything else is text.
#[cfg(not(feature = "cashier"))]
fn keep_exact(value: &mut Value) {
    match value {
        Value::Number(text) if text.parse().is_ok_and(|number: u64| number < 1 << 53) => {}
        Value::Number(text) => *value = Value::String(core::mem::take(text)),
        Value::Array(elements) => elements.iter_mut().for_each(keep_exact),
        Value::Object(members) => members.iter_mut().for_each(|(_, member)| keep_exact(member)),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

/// Makes plain JavaScript objects.
#[cfg(feature = "cashier")]
pub(crate) use outgoing::to_js;

#[cfg(feature = "cashier")]
mod outgoing;

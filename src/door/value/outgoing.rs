//! Values made in JavaScript one by one.

use crate::json::Value;
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use wasm_bindgen::JsValue;

/// Makes plain JavaScript objects.
#[allow(clippy::needless_pass_by_value, reason = "the edge build's own, which changes the value, is called alike")]
pub(crate) fn to_js(value: Value) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    // Strings, numbers and maps always serialize; the error type serves other data.
    Outgoing(&value).serialize(&serializer).unwrap_or(JsValue::UNDEFINED)
}

struct Outgoing<'a>(&'a Value);

impl Serialize for Outgoing<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(truth) => serializer.serialize_bool(*truth),
            // Integers that JavaScript holds exactly are numbers; larger ones stay text.
            Value::Number(text) => match text.parse::<u32>() {
                Ok(number) => serializer.serialize_u32(number),
                Err(_) => match text.parse::<u64>() {
                    Ok(number) if number < 1 << 53 => serializer.serialize_u64(number),
                    _ => serializer.serialize_str(text),
                },
            },
            Value::String(text) => serializer.serialize_str(text),
            Value::Array(elements) => serializer.collect_seq(elements.iter().map(Outgoing)),
            Value::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(name, &Outgoing(value))?;
                }
                map.end()
            }
        }
    }
}

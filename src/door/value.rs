//! JavaScript's plain data to JSON values and back, each property read once: a frozen copy (S15, S54).

use super::error::thrown;
use crate::json::Value;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::fmt;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use wasm_bindgen::JsValue;

/// Copies plain data out of JavaScript.
///
/// # Errors
/// Functions, symbols, numbers that are no integers (amounts are strings, S11), or a getter that throws.
pub(crate) fn from_js(value: JsValue) -> Result<Value, JsValue> {
    serde_wasm_bindgen::from_value::<Plain>(value)
        .map(|Plain(value)| value)
        .map_err(|error| thrown("invalid_argument", error.to_string()))
}

/// Makes plain JavaScript objects.
pub(crate) fn to_js(value: &Value) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    // Strings, numbers and maps always serialize; the error type serves other data.
    Outgoing(value).serialize(&serializer).unwrap_or(JsValue::UNDEFINED)
}

struct Plain(Value);

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PlainVisitor).map(Self)
    }
}

struct PlainVisitor;

impl<'de> Visitor<'de> for PlainVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("plain data: objects, arrays, strings, integers, booleans")
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Value, E> {
        Ok(truth.into())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Value, E> {
        Err(E::custom("write numbers that are not integers as strings, such as \"0.01\""))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(Plain(element)) = elements.next_element()? {
            array.push(element);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Vec::new();
        while let Some((name, Plain(value))) = members.next_entry::<String, Plain>()? {
            object.push((name, value));
        }
        Ok(Value::Object(object))
    }
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

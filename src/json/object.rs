//! Writing objects, member by member.

use super::Value;
use crate::encoding::hex;
use crate::spell::Spell;
use alloc::boxed::Box;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::fmt::Display;

/// An object in the making. Each kind of member has its method, so that a call site holds names and pointers and no
/// half-made values: objects are made in many places, and this is what keeps the modules small.
#[derive(Debug, Default)]
#[allow(clippy::box_collection, reason = "a pointer is what passes from call to call")]
pub struct Object {
    members: Box<Vec<(String, Value)>>,
}

impl Object {
    /// No members yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Any value.
    #[must_use]
    pub fn value(mut self, name: &str, value: Value) -> Self {
        self.members.push((name.to_string(), value));
        self
    }

    /// A string.
    #[must_use]
    pub fn text(self, name: &str, text: &str) -> Self {
        self.value(name, text.into())
    }

    /// The text of a thing as a string.
    #[must_use]
    pub fn shown(self, name: &str, thing: &dyn Display) -> Self {
        self.value(name, thing.to_string().into())
    }

    /// The spelling of a thing as a string. Not inlined: a known kind of thing would be, into each place of its own.
    #[inline(never)]
    #[must_use]
    pub fn spelled(self, name: &str, thing: &dyn Spell) -> Self {
        self.value(name, thing.spell().into())
    }

    /// Bytes as a string: `0x` and lower-case digits.
    #[must_use]
    pub fn hex(self, name: &str, bytes: &[u8]) -> Self {
        self.value(name, hex(bytes).into())
    }

    /// An integer.
    #[must_use]
    pub fn number(self, name: &str, number: u64) -> Self {
        self.value(name, number.into())
    }

    /// Any value, or no member.
    #[must_use]
    pub fn value_if(self, name: &str, value: Option<Value>) -> Self {
        match value {
            Some(value) => self.value(name, value),
            None => self,
        }
    }

    /// A string, or no member.
    #[must_use]
    pub fn text_if(self, name: &str, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(name, text),
            None => self,
        }
    }

    /// An integer, or no member.
    #[must_use]
    pub fn number_if(self, name: &str, number: Option<u64>) -> Self {
        match number {
            Some(number) => self.number(name, number),
            None => self,
        }
    }

    /// The object. Not inlined: it frees the pointer.
    #[inline(never)]
    #[must_use]
    pub fn end(self) -> Value {
        Value::Object(*self.members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_stand_in_the_order_of_the_calls_and_absent_ones_nowhere() {
        let inner = Object::new().hex("f", &[0x0a, 0xff]).shown("g", &7).end();
        let object = Object::new()
            .number("a", u64::MAX)
            .text("b", "\"")
            .text_if("c", None)
            .number_if("d", None)
            .value_if("e", None)
            .value("h", inner)
            .end();
        let written = r#"{"a":18446744073709551615,"b":"\"","h":{"f":"0x0aff","g":"7"}}"#;
        assert_eq!(object.to_string(), written);
    }
}

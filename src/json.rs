//! One strict JSON document (S12): what two parsers could read in two ways is not read at all.
//!
//! Numbers keep their text, so that integers above 2^53 stay exact and nothing becomes a float. What we forward is
//! written again from the parsed value, in ASCII, so that any header may carry it.

mod object;
mod parse;
mod write;
mod written;

use crate::encoding::decimal;
use crate::text::number;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

pub use object::Object;
pub use parse::{JsonError, parse};
pub use written::Written;

/// A JSON value. Members keep their order; no name stands twice in one object.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "JSON will not grow")]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number in the spelling of its document.
    Number(String),
    /// A string, unescaped.
    String(String),
    /// An array.
    Array(Vec<Self>),
    /// An object.
    Object(Vec<(String, Self)>),
}

impl Value {
    /// JSON that is spelled out already. It is written as it stands, as the text of a number is; nobody looks into it.
    #[must_use]
    pub const fn spelled_out(text: String) -> Self {
        Self::Number(text)
    }

    /// An object of these members; `None` leaves a member out.
    #[must_use]
    pub fn object<'a>(mut members: impl AsMut<[(&'a str, Option<Self>)]>) -> Self {
        Self::from_members(members.as_mut())
    }

    /// One copy of the code, however many members the callers' arrays have: objects are made in many places.
    fn from_members(members: &mut [(&str, Option<Self>)]) -> Self {
        let present = members.iter_mut().filter_map(|(name, value)| Some(((*name).to_string(), value.take()?)));
        Self::Object(present.collect())
    }

    /// What a value prints, as a string. Not inlined, like all that is done in many places: it halves a writer's code.
    #[inline(never)]
    #[must_use]
    pub fn printed(value: &dyn core::fmt::Display) -> Self {
        Self::String(value.to_string())
    }

    /// The member of an object; `null` counts as absent, as all x402 peers treat it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        let (_, value) = self.members()?.iter().find(|(key, _)| key == name)?;
        (!matches!(value, Self::Null)).then_some(value)
    }

    /// The text of a member.
    #[inline(never)]
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// The text of a member, to keep.
    #[inline(never)]
    #[must_use]
    pub fn owned(&self, name: &str) -> Option<String> {
        self.text(name).map(ToString::to_string)
    }

    /// The value of a member that is an integer from 0 to 2^64 − 1.
    #[inline(never)]
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u64> {
        self.get(name)?.as_u64()
    }

    /// The elements of a member.
    #[inline(never)]
    #[must_use]
    pub fn list(&self, name: &str) -> Option<&[Self]> {
        self.get(name)?.elements()
    }

    /// The members of an object, in order.
    #[must_use]
    pub fn members(&self) -> Option<&[(String, Self)]> {
        if let Self::Object(members) = self { Some(members) } else { None }
    }

    /// The elements of an array.
    #[must_use]
    pub fn elements(&self) -> Option<&[Self]> {
        if let Self::Array(elements) = self { Some(elements) } else { None }
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    /// The truth value.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    /// The digits of a number that is a non-negative integer without fraction or exponent.
    #[must_use]
    pub fn as_integer(&self) -> Option<&str> {
        if let Self::Number(text) = self
            && text.bytes().all(|byte| byte.is_ascii_digit())
        {
            Some(text)
        } else {
            None
        }
    }

    /// The value of a number that is an integer from 0 to 2^64 − 1.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        number(self.as_integer()?)
    }
}

impl From<&str> for Value {
    #[inline(never)]
    fn from(text: &str) -> Self {
        Self::String(text.to_string())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(decimal(number))
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<Vec<Self>> for Value {
    fn from(elements: Vec<Self>) -> Self {
        Self::Array(elements)
    }
}

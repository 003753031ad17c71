//! Reading an operator's options, member by member, with the place of whatever is wrong.

use super::split_url;
use crate::address::Address;
use crate::encoding::decimal;
use crate::json::Value;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::fmt::Display;

/// What is wrong with a configuration, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    code: &'static str,
    place: String,
    problem: String,
}

impl ConfigError {
    /// The code of whatever its writer has to mend.
    pub const CODE: &str = "invalid_config";
    /// Nothing is wrong, but this is the lean build, and the full one has what is asked for.
    pub const NEEDS_FULL: &str = "needs_full_gate";
    /// Nothing is wrong, but what is sold here names the relayer's account, which was not said yet.
    pub const NEEDS_RELAYER: &str = "needs_relayer";
    /// Nothing is wrong, but this entry point cashes nothing, and what is asked for is done where something is cashed.
    pub const NEEDS_CASHIER: &str = "needs_cashier";

    /// The code where the ledger would lose at a restart what has to be in it.
    pub const NOT_DURABLE: &str = "store_not_durable";

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code
    }
}

/// Names the place and says what would be right. Never holds a secret.
impl Display for ConfigError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} {}.", self.place, self.problem)
    }
}

impl core::error::Error for ConfigError {}

/// An object whose members are taken one by one; what is left at the end is a typing error.
pub(crate) struct Reader<'a> {
    place: String,
    pub(super) members: &'a [(String, Value)],
    taken: Vec<&'static str>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(place: String, value: &'a Value) -> Result<Self, ConfigError> {
        match value.members() {
            Some(members) => Ok(Self { place, members, taken: Vec::new() }),
            None => Err(ConfigError { code: ConfigError::CODE, place, problem: "is an object".into() }),
        }
    }

    pub(crate) fn wrong(&self, name: &str, problem: impl Display) -> ConfigError {
        ConfigError { code: ConfigError::CODE, place: self.place_of(name), problem: problem.to_string() }
    }

    pub(super) fn needs(&self, name: &str, what: &str, code: &'static str) -> ConfigError {
        ConfigError { code, ..self.wrong(name, what) }
    }

    /// `forgets` is the ledger's own word for what it would lose; nothing is wrong where it loses nothing.
    pub(crate) fn durable(&mut self, is_needed: bool) -> Result<(), ConfigError> {
        match self.text("forgets")?.filter(|_| is_needed) {
            Some(forgets) => Err(ConfigError { code: ConfigError::NOT_DURABLE, ..self.wrong("ledger", forgets) }),
            None => Ok(()),
        }
    }

    pub(crate) fn missing(&self, name: &str) -> ConfigError {
        self.wrong(name, "is missing")
    }

    fn place_of(&self, name: &str) -> String {
        if self.place.is_empty() { name.into() } else { [&self.place, ".", name].concat() }
    }

    pub(crate) fn value(&mut self, name: &'static str) -> Option<&'a Value> {
        self.taken.push(name);
        let (_, value) = self.members.iter().find(|(member, _)| member == name)?;
        (*value != Value::Null).then_some(value)
    }

    fn typed<T>(
        &mut self,
        name: &'static str,
        kind: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, ConfigError> {
        match self.value(name) {
            None => Ok(None),
            Some(value) => read(value).map(Some).ok_or_else(|| self.wrong(name, ["is ", kind].concat())),
        }
    }

    pub(crate) fn text(&mut self, name: &'static str) -> Result<Option<&'a str>, ConfigError> {
        self.typed(name, "a string", Value::as_str)
    }

    pub(crate) fn number(&mut self, name: &'static str) -> Result<Option<u64>, ConfigError> {
        self.typed(name, "a whole number, not negative", Value::as_u64)
    }

    pub(crate) fn truth(&mut self, name: &'static str) -> Result<Option<bool>, ConfigError> {
        self.typed(name, "true or false", Value::as_bool)
    }

    pub(crate) fn elements(&mut self, name: &'static str) -> Result<Option<&'a [Value]>, ConfigError> {
        self.typed(name, "an array", Value::elements)
    }

    /// The texts of a list; none where it is absent.
    pub(crate) fn texts(&mut self, name: &'static str) -> Result<Vec<String>, ConfigError> {
        let texts = self.elements(name)?.unwrap_or_default().iter().map(|value| value.as_str().map(Into::into));
        texts.collect::<Option<_>>().ok_or_else(|| self.wrong(name, "is an array of strings"))
    }

    pub(crate) fn address(&mut self, name: &'static str) -> Result<Option<Address>, ConfigError> {
        let text = self.text(name)?;
        text.map(|text| match Address::from_config(text) {
            Ok(Address::ZERO) => Err(self.wrong(name, "is the zero address")),
            Ok(address) => Ok(address),
            Err(error) => Err(self.wrong(name, format!("is no address: {error}"))),
        })
        .transpose()
    }

    /// Where visitors see this gate.
    pub(super) fn origin(&mut self) -> Result<String, ConfigError> {
        let origin = self.text("origin")?.ok_or_else(|| self.missing("origin"))?;
        if split_url(origin) == Some((origin, "/")) {
            Ok(origin.into())
        } else {
            Err(self.wrong("origin", "is an origin such as \"https://cinema.example\""))
        }
    }

    pub(crate) fn reader(&mut self, name: &'static str) -> Result<Option<Reader<'a>>, ConfigError> {
        let place = self.place_of(name);
        self.value(name).map(|value| Reader::new(place, value)).transpose()
    }

    pub(crate) fn readers(&mut self, name: &'static str) -> Result<Option<Vec<Reader<'a>>>, ConfigError> {
        let Some(elements) = self.elements(name)? else { return Ok(None) };
        let place = |index: usize| [self.place_of(name).as_str(), "[", &decimal(index as u64), "]"].concat();
        elements
            .iter()
            .enumerate()
            .map(|(index, value)| Reader::new(place(index), value))
            .collect::<Result<_, _>>()
            .map(Some)
    }

    /// Whatever was not asked for does not belong there.
    pub(crate) fn end(&self) -> Result<(), ConfigError> {
        match self.members.iter().find(|(name, _)| !self.taken.contains(&name.as_str())) {
            Some((name, _)) => Err(self.wrong(name, "is not an option here")),
            None => Ok(()),
        }
    }
}

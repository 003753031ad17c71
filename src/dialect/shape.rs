//! Reading members strictly: what is wrong is refused with the member's name.

use crate::address::Address;
use crate::amount::Amount;
use crate::json::Value;
use crate::protocol::Refusal;

/// The member's text.
pub(super) fn string<'a>(object: &'a Value, name: &'static str) -> Result<&'a str, Refusal> {
    object.text(name).ok_or(Refusal::Shape(name))
}

/// The member's 20 bytes, in any letter case.
pub(super) fn address(object: &Value, name: &'static str) -> Result<Address, Refusal> {
    Address::from_wire(string(object, name)?).map_err(|_| Refusal::Shape(name))
}

/// Refuses every member that is not in `known`: inside an authorization nothing may hide (S13).
pub(super) fn closed(object: &Value, known: &[&str], name: &'static str) -> Result<(), Refusal> {
    let members = object.members().ok_or(Refusal::Shape(name))?;
    if members.iter().all(|(member, _)| known.contains(&member.as_str())) { Ok(()) } else { Err(Refusal::Shape(name)) }
}

/// The members of an object, read one after the other; the first that is wrong is remembered, and told at the end: to turn
/// back at each would weigh more than the reading.
pub(super) struct Members<'a> {
    object: &'a Value,
    wrong: Option<&'static str>,
}

impl<'a> Members<'a> {
    pub(super) const fn of(object: &'a Value) -> Self {
        Self { object, wrong: None }
    }

    /// The member's 20 bytes, in any letter case.
    #[inline(never)]
    pub(super) fn address(&mut self, name: &'static str) -> Address {
        address(self.object, name).unwrap_or_else(|_| self.miss(name, Address::ZERO))
    }

    /// An amount in its one spelling.
    #[inline(never)]
    pub(super) fn amount(&mut self, name: &'static str) -> Amount {
        let amount = self.object.text(name).and_then(|text| Amount::from_decimal(text).ok());
        amount.unwrap_or_else(|| self.miss(name, Amount::ZERO))
    }

    pub(super) fn number(&mut self, name: &'static str) -> u64 {
        self.object.number(name).unwrap_or_else(|| self.miss(name, 0))
    }

    fn miss<T>(&mut self, name: &'static str, nothing: T) -> T {
        self.wrong = self.wrong.or(Some(name));
        nothing
    }

    /// What was read, if nothing was wrong.
    ///
    /// # Errors
    /// The first member that was.
    pub(super) fn whole(&self) -> Result<(), Refusal> {
        self.wrong.map_or(Ok(()), |name| Err(Refusal::Shape(name)))
    }
}

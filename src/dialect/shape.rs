//! Reading members strictly: what is wrong is refused with the member's name.

use crate::address::Address;
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

//! Our extension `ticket`: where the same payment buys a ticket, and the ticket in the receipt.

use crate::json::{Object, Value, parse};
use crate::protocol::{IssuedTicket, OfficeOffer};

/// What the members of `info` are. Parsed where it is written, which takes less code than to put it together.
const SCHEMA: &str = concat!(
    r#"{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","properties":{"endpoint":{"type":"string"},"#,
    r#""scope":{"type":"string"},"ttl":{"type":"integer"}},"required":["endpoint"]}"#,
);

/// The extension's entry in a challenge.
#[must_use]
pub fn write_office(office: &OfficeOffer) -> Value {
    let info = Object::new()
        .text("endpoint", &office.endpoint)
        .text_if("scope", office.scope.as_deref())
        .number_if("ttl", office.ttl)
        .end();
    Object::new().value("info", info).value_if("schema", parse(SCHEMA).ok()).end()
}

pub(super) fn read_office(info: &Value) -> Option<OfficeOffer> {
    Some(OfficeOffer { endpoint: info.owned("endpoint")?, scope: info.owned("scope"), ttl: info.number("ttl") })
}

pub(super) fn write(ticket: &IssuedTicket) -> Value {
    Object::new()
        .text("token", &ticket.text)
        .text_if("scope", ticket.scope.as_deref())
        .number("expiresAt", ticket.expires_at)
        .text_if("id", ticket.id.as_deref())
        .end()
}

pub(super) fn read(value: &Value) -> Option<IssuedTicket> {
    let expires_at = value.number("expiresAt")?;
    Some(IssuedTicket { text: value.owned("token")?, scope: value.owned("scope"), expires_at, id: value.owned("id") })
}
